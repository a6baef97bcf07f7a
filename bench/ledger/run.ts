import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureBooking } from './measure-booking.js';
import { measureDisk } from './measure-disk.js';
import { measureLag } from './measure-lag.js';
import { measureQueries } from './measure-queries.js';

// `npm run bench:ledger [-- booking lag disk queries]`: all parts, or those that are named.
// FARTHING_BENCH_CALLS sets how many calls the queries run over (default ten million).
const parts = process.argv.slice(2);
const wanted = (part: string): boolean => parts.length === 0 || parts.includes(part);
const calls = Number(process.env['FARTHING_BENCH_CALLS'] ?? 10_000_000);
const root = mkdtempSync(join(tmpdir(), 'farthing-bench-'));
const directory = (part: string): string => {
  const path = join(root, part);
  mkdirSync(path);
  return path;
};
const report: Record<string, unknown> = {
  at: new Date().toISOString(),
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
};

try {
  console.log(String(report['machine']));
  if (wanted('booking')) {
    const figure = await measureBooking(directory('booking'), 200_000);
    report['booking'] = figure;
    console.log('\nBooking a waiting journal (JSONL → store)');
    console.table([figure]);
  }
  if (wanted('lag')) {
    const figure = await measureLag(directory('lag'), 2000, 30);
    report['lag'] = figure;
    console.log('\nFrom a line in the journal to its booking, at a steady load');
    console.table([figure]);
  }
  if (wanted('disk')) {
    const figure = await measureDisk(directory('disk'), 1_000_000);
    report['disk'] = figure;
    console.log('\nOn disk');
    console.table([figure]);
  }
  if (wanted('queries')) {
    const figure = await measureQueries(directory('queries'), calls);
    report['queries'] = figure;
    console.log(
      `\nQuestions over ${calls.toLocaleString('en')} calls of 30 days (median of 9, ms; aims: roll-up 100, raw 300)`,
    );
    console.log(`rows: ${JSON.stringify(figure.rows)}; filled in SQL in ${figure.fill_seconds} s`);
    console.table(figure.figures);
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}

const results = fileURLToPath(new URL('../results/', import.meta.url));
mkdirSync(results, { recursive: true });
const path = join(results, `ledger-${String(report['at']).replaceAll(/[:.]/g, '-')}.json`);
writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
console.log(`\nWritten to ${path}`);
