// What caching is predicted to save, beside what it then saves: npx tsx bench/cache/run.ts [scale]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCache, parseUsd } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { batchOf } from '../../packages/server/src/store/conformance/batches.js';
import { openDuckDbStore } from '../../packages/server/src/store/duckdb/index.js';
import { inputCost, runWorkload } from '../../test/cache/run-workload.js';
import { requestsOf, workload, type Caching } from '../../test/cache/workload.js';

const realNow = Date.now;
let shift = 0;
Date.now = () => realNow() + shift;
const setTime = (at: number) => {
  shift = at - realNow();
};

const calls = workload(Number(process.argv[2] ?? 1));
const directory = mkdtempSync(join(tmpdir(), 'farthing-cache-'));
const store = await openDuckDbStore({ directory });
const plain = await runWorkload(calls, requestsOf(calls, 'none'), setTime);
for (let from = 0; from < plain.length; from += 1_000) {
  await store.book(batchOf(plain.slice(from, from + 1_000)));
}
const window = {
  from: new Date(calls[0]!.at).toISOString(),
  to: new Date(calls.at(-1)!.at + 60_000).toISOString(),
};
const report = await buildCache(store, defaultPriceBook(), {
  by: ['feature'],
  window,
  now: window.to,
});
process.stdout.write(`${report.summary}\n\n`);
for (const row of report.rows) process.stdout.write(`${row.group['feature']}: ${row.summary}\n`);

process.stdout.write(
  `\n${calls.length} calls\nsetting              feature    input USD  predicted  then saved   error  of the bill\n`,
);
for (const caching of ['5m', '1h', '5m_second_sighting', 'stable_first'] as Caching[]) {
  const cached = await runWorkload(calls, requestsOf(calls, caching), setTime);
  for (const row of report.rows) {
    const feature = String(row.group['feature']);
    const setting = row.models[0]!.settings.find((each) => each.setting === caching);
    if (setting === undefined) continue;
    const full = Number(inputCost(plain, feature));
    const saved = full - Number(inputCost(cached, feature));
    const predicted = Number(parseUsd(setting.net_usd));
    const cells = [
      caching.padEnd(20),
      feature.padEnd(9),
      (full / 1e12).toFixed(4).padStart(10),
      `${((predicted / full) * 100).toFixed(1)} %`.padStart(10),
      `${((saved / full) * 100).toFixed(1)} %`.padStart(11),
      (saved === 0
        ? '–'
        : `${(((predicted - saved) / Math.abs(saved)) * 100).toFixed(1)} %`
      ).padStart(8),
      `${(((predicted - saved) / (full - saved)) * 100).toFixed(2)} %`.padStart(9),
    ];
    process.stdout.write(`${cells.join(' ')}\n`);
  }
}
await store.close();
rmSync(directory, { recursive: true });
