import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openDuckDbStore } from '../../packages/server/src/store/duckdb/index.js';
import { startLedger } from '../../packages/server/src/ledger/index.js';

/** How long a line waits in the journal until its call is booked, under a steady load. */
export async function measureLag(directory: string, perSecond: number, seconds: number) {
  const store = await openDuckDbStore({ directory });
  const waits: number[] = [];
  const ledger = startLedger({
    dataDirectory: directory,
    store,
    onBooked(rows) {
      const now = Date.now();
      for (const { started_at } of rows) waits.push(now - Date.parse(started_at));
    },
  });
  const cpu = process.cpuUsage();
  const began = performance.now();
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const writer = spawn(
    process.execPath,
    [
      '--import',
      tsx,
      fileURLToPath(new URL('./paced-writer.ts', import.meta.url)),
      directory,
      String(perSecond),
      String(seconds),
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  await once(writer, 'exit');
  await ledger.drain();
  const elapsed = (performance.now() - began) * 1000;
  const { user, system } = process.cpuUsage(cpu);
  await ledger.stop();
  await store.close();
  if (waits.length !== perSecond * seconds) throw new Error(`${waits.length} calls were booked`);
  waits.sort((a, b) => a - b);
  const rank = (share: number): number => waits[Math.ceil(waits.length * share) - 1]!;
  return {
    calls_per_second: perSecond,
    seconds,
    p50_ms: rank(0.5),
    p90_ms: rank(0.9),
    p99_ms: rank(0.99),
    max_ms: waits.at(-1)!,
    ledger_cpu_share: Number(((user + system) / elapsed).toFixed(2)),
  };
}
