import { join } from 'node:path';
import type { Entry } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { openLocalBooks } from '../src/processes/local-books.js';
import { openDuckDbStore } from '../src/store/duckdb/index.js';
import { priced } from './priced-calls.js';

const hour = 3_600_000;
const book = defaultPriceBook();

/** Two weeks: a classifier on a frontier model, and digests by night that doubled in the second week. */
function twoWeeks(): Entry[] {
  const first = Date.parse('2026-03-01T00:00:00.000Z');
  const call = (feature: string, at: number, output: number, stream: boolean): Entry => {
    const time = new Date(at).toISOString();
    const tokens = { input_uncached: 3_000, output };
    const entry = priced({ feature, at: time, tokens, changes: { stream } });
    const model = 'gpt-4.1';
    const reading = { status: 'ok' as const, usage: entry.usage! };
    const cost = book.price({ provider: 'openai', api: entry.api, model, at: time, reading });
    return { ...entry, model, model_requested: model, cost };
  };
  return Array.from({ length: 14 }, (_, day) => {
    const start = first + day * 24 * hour;
    const nightly = day < 7 ? 30 : 60;
    return [
      ...Array.from({ length: 48 }, (__, half) =>
        call('<b>classifier</b>', start + half * (hour / 2), 20, true),
      ),
      ...Array.from({ length: nightly }, (__, index) =>
        call('digests', start + 2 * hour + index * 1_000, 1_500, false),
      ),
    ];
  }).flat();
}

/** Books them in a data directory, as the commands find it. */
export async function bookTwoWeeks(dataDirectory: string): Promise<void> {
  const books = await openLocalBooks({
    dataDirectory,
    openStore: (directory) => openDuckDbStore({ directory: join(directory, 'store') }),
  });
  await books.appendEntries(twoWeeks());
  await books.bookAll();
  await books.close();
}
