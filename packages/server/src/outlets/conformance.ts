import type { Entry } from '@farthing/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleEntry } from '../store/conformance/batches.js';
import { mostEntries, type Outlet } from './outlet.js';

/** The other side of an outlet, real. */
export interface OutletBench {
  open(): Promise<Outlet>;
  /** What has arrived, in the order of arrival where the other side has one. */
  received(): Promise<Entry[]>;
  /** Takes the other side away; what it had stays. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

export interface Traits {
  /** Whether what comes again is dropped, or only to be told by its id. */
  dropsRepeated: boolean;
}

const byId = (entries: readonly Entry[]): Entry[] =>
  [...entries].sort((a, b) => (a.id < b.id ? -1 : 1));

/** The laws of the outlet port. Every driver's test calls this with the real other side. */
export function describeOutlet(
  name: string,
  start: () => Promise<OutletBench>,
  { dropsRepeated }: Traits,
): void {
  describe(`outlet: ${name}`, { timeout: 60_000 }, () => {
    let bench: OutletBench;
    let outlet: Outlet;
    beforeEach(async () => {
      bench = await start();
      outlet = await bench.open();
    });
    afterEach(async () => {
      await outlet.close();
      await bench.close();
    });

    test('entries arrive as they are in the books', async () => {
      const entries = [
        sampleEntry(),
        sampleEntry({
          tags: {
            user: 'u_1',
            custom: { "o'brien": 'ünïcødé ✓ "quoted" \\ {a,b} NULL', empty: ' ' },
          },
        }),
        sampleEntry({
          model: null,
          usage: null,
          outcome: 'error',
          http_status: 500,
          cost: { usd: null, status: 'no_usage', reason: 'none stated', charges: [] },
        }),
        sampleEntry({
          cost: { usd: '1234567890123.000000000001', status: 'priced', charges: [] },
        }),
      ];
      await outlet.write(entries);
      expect(byId(await bench.received())).toEqual(byId(entries));
    });

    test('a full batch arrives whole', async () => {
      const entries = Array.from({ length: mostEntries }, () => sampleEntry());
      await outlet.write(entries);
      expect(byId(await bench.received())).toEqual(byId(entries));
    });

    test('what is written again is there once, or can be told by its id', async () => {
      const [a, b, c] = [sampleEntry(), sampleEntry(), sampleEntry()];
      await outlet.write([a, b]);
      await outlet.close();
      outlet = await bench.open();
      await outlet.write([a, b]);
      await outlet.write([c]);
      const ids = (await bench.received()).map(({ id }) => id);
      expect(new Set(ids)).toEqual(new Set([a.id, b.id, c.id]));
      if (dropsRepeated) expect(ids).toHaveLength(3);
    });

    test('it rejects while the other side is away, and goes on afterwards', async () => {
      const [a, b] = [sampleEntry(), sampleEntry()];
      await outlet.write([a]);
      await bench.goAway();
      await expect(outlet.write([b])).rejects.toThrow();
      await outlet.close();
      await expect(bench.open().then((opened) => opened.write([b]))).rejects.toThrow();
      await bench.comeBack();
      outlet = await bench.open();
      await outlet.write([b]);
      const ids = (await bench.received()).map(({ id }) => id);
      expect(new Set(ids)).toEqual(new Set([a.id, b.id]));
    });
  });
}
