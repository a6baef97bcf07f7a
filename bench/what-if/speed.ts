import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildBatchable,
  buildReview,
  buildSubstitutions,
  buildWhatIf,
  type Scenario,
} from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { openDuckDbStore } from '../../packages/server/src/store/duckdb/index.js';
import { fillStore } from '../ledger/fill-store.js';
import { month } from '../ledger/traffic.js';

// `npm run bench:what-if:speed`: the answers about savings over ten million calls of 30 days.
const calls = Number(process.env['FARTHING_BENCH_CALLS'] ?? 10_000_000);
const directory = mkdtempSync(join(tmpdir(), 'farthing-what-if-speed-'));
try {
  await fillStore(directory, calls);
  const store = await openDuckDbStore({ directory });
  const prices = defaultPriceBook();
  const window = { from: new Date(month.from).toISOString(), to: new Date(month.to).toISOString() };
  const now = window.to;
  const whatIf = (scenario: Scenario) => () =>
    buildWhatIf(store, prices, { scenario, window, now });
  const week = { from: new Date(month.to - 7 * 86_400_000).toISOString(), to: window.to };
  const asked: [string, () => Promise<unknown>][] = [
    ['whatif, another model', whatIf({ model: 'gpt-4.1-mini' })],
    ['whatif, a model with a long-context price', whatIf({ model: 'gpt-5.6-terra' })],
    ['whatif, batches', whatIf({ batch: true })],
    ['whatif, caps on output and history', whatIf({ output_cap: 500, history_cap: 4_000 })],
    ['substitutions', () => buildSubstitutions(store, prices, { window, now })],
    ['batchable', () => buildBatchable(store, prices, { window, now })],
    [
      'review of a week',
      () => buildReview({ books: store, prices, budgets: [] }, { window: week, now }),
    ],
  ];
  const figures: Record<string, number>[] = [];
  for (const [name, run] of asked) {
    await run();
    const times: number[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const began = performance.now();
      await run();
      times.push(performance.now() - began);
    }
    times.sort((a, b) => a - b);
    figures.push({ [name]: Math.round(times[2]!) });
  }
  console.log(`${calls.toLocaleString('en')} calls of 30 days, median of 5, ms`);
  for (const figure of figures) console.log(JSON.stringify(figure));
  await store.close();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
