import { generateEntries } from './generate-entries.js';
import { writeJournal } from './journal-files.js';
import { openDuckDbStore } from '../../packages/server/src/store/duckdb/index.js';
import { startLedger } from '../../packages/server/src/ledger/index.js';
import { month } from './traffic.js';

/** Books a waiting journal as fast as it goes: the catch-up after the control plane was away. */
export async function measureBooking(directory: string, calls: number) {
  const step = (month.to - month.from) / calls / 30;
  const entries = generateEntries(1, (index) => Math.floor(month.from + index * step));
  const bytes = writeJournal(directory, 'gateway', entries, calls);
  const store = await openDuckDbStore({ directory });
  const cpu = process.cpuUsage();
  const began = performance.now();
  const ledger = startLedger({ dataDirectory: directory, store });
  await ledger.drain();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await ledger.stop();
  const { entries: booked } = await store.summary();
  await store.close();
  if (booked !== calls) throw new Error(`${booked} of ${calls} calls were booked`);
  return {
    calls,
    journal_bytes_per_call: Math.round(bytes / calls),
    seconds: round(seconds, 2),
    calls_per_second: Math.round(calls / seconds),
    cpu_microseconds_per_call: round((user + system) / calls, 1),
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
