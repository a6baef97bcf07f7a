import { formatUsd, parseUsd, type Entry } from '@farthing/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';
import { Installation } from '../support/farthing-process.js';
import { createMixedCalls } from './mixed-calls.js';

const calls = 5_000;
const concurrency = 24;
let provider: FakeProvider;
let farthing: Installation;
let entries: Entry[];

beforeAll(async () => {
  provider = await startFakeProvider({ seed: 'books' });
  farthing = await Installation.create(provider.url);
  await farthing.start('up');
  const send = createMixedCalls(farthing.gatewayUrl);
  let next = 0;
  const worker = async () => {
    while (next < calls) await send(next++);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  await farthing.untilBooked();
  entries = await farthing.entries();
}, 170_000);
afterAll(async () => {
  await farthing.remove();
  await provider.close();
});

interface Sum {
  requests: number;
  usd: bigint | null;
  tokens: Record<string, number>;
}

function add(
  sums: Record<string, Sum>,
  key: string,
  requests: number,
  usd: bigint | null,
  tokens: Record<string, number>,
): void {
  const sum = (sums[key] ??= { requests: 0, usd: 0n, tokens: {} });
  sum.requests += requests;
  sum.usd = sum.usd === null || usd === null ? null : sum.usd + usd;
  for (const [kind, count] of Object.entries(tokens)) {
    if (count > 0) sum.tokens[kind] = (sum.tokens[kind] ?? 0) + count;
  }
}

/** What the fake provider billed, by provider and model: its own meter, its own rates, its own arithmetic. */
function billed(): Record<string, Sum> {
  const sums: Record<string, Sum> = {};
  for (const line of provider.books.report().lines) {
    add(
      sums,
      `${line.provider === 'gemini' ? 'google' : line.provider} ${line.model}`,
      line.requests,
      line.usd === null ? null : parseUsd(line.usd),
      line.tokens,
    );
  }
  return sums;
}

/** What Farthing booked, from the exported entries. */
function booked(): Record<string, Sum> {
  const sums: Record<string, Sum> = {};
  for (const entry of entries) {
    if (entry.outcome !== 'ok' || entry.usage === null) continue;
    const { web_searches = 0 } = entry.usage.units;
    const usd = entry.cost.usd === null ? null : parseUsd(entry.cost.usd);
    add(sums, `${entry.provider} ${entry.model}`, 1, usd, { ...entry.usage.tokens, web_searches });
  }
  return sums;
}

describe(`${calls} mixed calls by the official clients`, () => {
  test('are all in the books, each once', () => {
    expect(entries).toHaveLength(calls);
    expect(new Set(entries.map((entry) => entry.id)).size).toBe(calls);
  });

  test('cost what the provider says they cost, to the last picodollar, model by model', () => {
    expect(booked()).toEqual(billed());
  });

  test('that failed are on record and cost nothing', () => {
    const failed = entries.filter((entry) => entry.outcome === 'error');
    expect(failed).toHaveLength((calls / 50) * 2);
    expect(
      failed.every((entry) => entry.cost.status === 'not_billed' && entry.cost.usd === '0'),
    ).toBe(true);
  });

  test('add up to the same in a report, over roll-ups and over calls', async () => {
    const total = entries.reduce((sum, entry) => sum + parseUsd(entry.cost.usd ?? '0'), 0n);
    const measures = ['cost', 'calls', 'unpriced_calls'] as const;
    const unpriced = entries.filter((entry) => entry.cost.usd === null).length;
    expect(unpriced).toBeGreaterThan(0);
    for (const dimensions of [[], ['feature', 'model'], ['user', 'feature']] as const) {
      const { rows } = await farthing.query({
        measures: [...measures],
        dimensions: [...dimensions],
      });
      expect(rows.reduce((sum, row) => sum + parseUsd(String(row['cost'] ?? '0')), 0n)).toBe(total);
      expect(rows.reduce((sum, row) => sum + Number(row['calls']), 0)).toBe(calls);
      expect(rows.reduce((sum, row) => sum + Number(row['unpriced_calls']), 0)).toBe(unpriced);
    }
    expect(formatUsd(total)).not.toBe('0');
  });
});
