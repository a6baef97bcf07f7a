import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCache, parseUsd, type CacheReport, type Entry } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { batchOf } from '../../packages/server/src/store/conformance/batches.js';
import { openDuckDbStore } from '../../packages/server/src/store/duckdb/index.js';
import { inputCost, runWorkload } from './run-workload.js';
import { requestsOf, workload, type Caching } from './workload.js';

/** Hours of traffic pass in seconds: only the clock is set, everything else is real. */
const calls = workload(0.3);
const directory = mkdtempSync(join(tmpdir(), 'farthing-cache-'));
let plain: Entry[];
let report: CacheReport;

async function run(caching: Caching, features?: readonly string[]): Promise<Entry[]> {
  const sent = calls.filter(({ feature }) => features?.includes(feature) ?? true);
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    return await runWorkload(sent, requestsOf(sent, caching), (at) => vi.setSystemTime(at));
  } finally {
    vi.useRealTimers();
  }
}

beforeAll(async () => {
  plain = await run('none');
  const store = await openDuckDbStore({ directory });
  await store.book(batchOf(plain));
  const window = {
    from: new Date(calls[0]!.at).toISOString(),
    to: new Date(calls.at(-1)!.at + 60_000).toISOString(),
  };
  const request = { by: ['feature' as const], window, now: window.to };
  report = await buildCache(store, defaultPriceBook(), request);
  await store.close();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const modelOf = (feature: string) =>
  report.rows.find(({ group }) => group['feature'] === feature)!.models[0]!;

describe('what the ledger of calls without caching predicts', () => {
  test.each([
    ['5m', ['agent', 'support', 'answers']],
    ['1h', ['support']],
    ['stable_first', ['dated']],
  ] as const)('is what then really happens with %s, within 5 %', async (caching, features) => {
    const cached = await run(caching, features);
    for (const feature of features) {
      const setting = modelOf(feature).settings.find((each) => each.setting === caching)!;
      const saved = Number(inputCost(plain, feature) - inputCost(cached, feature));
      const predicted = Number(parseUsd(setting.net_usd));
      expect(Math.abs(predicted - saved) / Math.abs(saved), feature).toBeLessThan(0.05);
    }
  });

  test('names for each feature what would have saved most, and nothing where nothing would', () => {
    expect(modelOf('agent').advice?.setting).toBe('5m');
    expect(modelOf('support').advice?.setting).toMatch(/^(5m|1h)$/);
    expect(modelOf('dated')).toMatchObject({ unstable: true, advice: { setting: 'stable_first' } });
    expect(modelOf('dated').prefix.repeated_tokens).toBeGreaterThan(2_400);
    expect(report.summary).toMatch(
      /^No input was read from prompt caches\. .* most of it in agent/,
    );
  });
});
