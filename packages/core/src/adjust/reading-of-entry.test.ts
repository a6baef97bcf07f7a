import { expect, test } from 'vitest';
import type { Entry } from '../entry.js';
import { PriceBook } from '../pricing/price-book.js';
import { ruleLayer, type PriceLayer } from '../pricing/price-rows.js';
import { overlayLayer } from '../pricing/overlay/index.js';
import { snapshotLayer } from '../pricing/snapshot/index.js';
import { emptyTokens, type Usage, type UsageReading } from '../usage/usage.js';
import { readingOfEntry } from './reading-of-entry.js';

const layers: PriceLayer[] = [snapshotLayer(), overlayLayer()];
const book = new PriceBook(layers);
const withFallback = new PriceBook(layers, { fallback: { provider: 'openai', model: 'gpt-4o' } });

const sampleCall = (): Entry => ({
  schema: 1,
  event: 'llm.cost.tracked',
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  kind: 'call',
  source: 'gateway',
  started_at: '2026-10-31T23:59:59.000Z',
  ended_at: '2026-11-01T00:00:01.000Z',
  duration_ms: 2000,
  provider: 'openai',
  api: 'chat.completions',
  stream: true,
  model_requested: 'gpt-4o',
  model: 'gpt-4o',
  outcome: 'ok',
  http_status: 200,
  attempt: 1,
  usage: {
    tokens: { ...emptyTokens(), input_uncached: 1000, output: 50 },
    details: {},
    units: {},
    modifiers: {},
    estimated: false,
    raw: { prompt_tokens: 1000, completion_tokens: 50 },
    notes: [],
  },
  cost: { usd: null, status: 'unknown_model', charges: [] },
  tags: {},
});

/** A call booked by a price book, and the reading that its entry gives back. */
function booked(model: string, reading: UsageReading, by = book, changes = {}) {
  const { usage: _usage, ...call } = sampleCall();
  const cost = by.price({ ...call, model, at: call.started_at, reading });
  const entry = { ...sampleCall(), ...changes, model, cost };
  return {
    cost,
    reading: readingOfEntry(entry, { cost, usage: reading.status === 'ok' ? reading.usage : null }),
  };
}
const usage = sampleCall().usage!;

test('a certain reading comes back as it was', () => {
  const reading: UsageReading = { status: 'ok', usage };
  expect(booked('gpt-4o', reading).reading).toEqual(reading);
});

test('a cost that was partial because of its usage stays so', () => {
  const reading: UsageReading = { status: 'ok', usage, partial: 'the stream ended early' };
  expect(booked('gpt-4o', reading).cost.status).toBe('partial');
  expect(booked('gpt-4o', reading).reading).toEqual(reading);
});

test('a rate that was missing is no remark about the usage: it may be known by now', () => {
  const searched = { ...usage, units: { unheard_of_units: 3 } };
  const reading: UsageReading = { status: 'ok', usage: searched };
  const { cost, reading: back } = booked('gpt-4o', reading);
  expect(cost).toMatchObject({ status: 'partial', reason: expect.stringMatching(/^no rate/) });
  expect(back).toEqual(reading);
  const both: UsageReading = { ...reading, partial: 'the stream ended early' };
  expect(booked('gpt-4o', both).reading).toEqual(both);
});

test('neither is a fallback that stood in', () => {
  const reading: UsageReading = { status: 'ok', usage };
  const { cost, reading: back } = booked('house-model', reading, withFallback);
  expect(cost.status).toBe('partial');
  expect(back).toEqual(reading);
});

test('neither is a GPU time that was missing: the price may be another by now', () => {
  const reading: UsageReading = { status: 'ok', usage: { ...usage, units: { pages: 2 } } };
  const byTime = new PriceBook([
    ruleLayer('override', 'own', [
      {
        provider: 'openai',
        model: 'rented',
        source: 'own',
        rates: { gpu_seconds: '4', pages: '0.01' },
      },
    ]),
  ]);
  const { cost, reading: back } = booked('rented', reading, byTime);
  expect(cost).toMatchObject({ status: 'partial', reason: expect.stringMatching(/GPU time/) });
  expect(back).toEqual(reading);
});

test('while it had no price, a call that broke off was not yet said to be partial', () => {
  const reading: UsageReading = { status: 'ok', usage };
  expect(booked('house-model', reading, book, { outcome: 'aborted' }).reading).toMatchObject({
    partial: expect.stringContaining('broke off'),
  });
  const estimated: UsageReading = { status: 'ok', usage: { ...usage, estimated: true } };
  expect(booked('house-model', estimated).reading).toMatchObject({
    partial: 'the usage is an estimate',
  });
});

test('what is not final stays so while there is no price, and after one comes and goes', () => {
  const kept: Usage = { ...usage, partial: 'the stream ended early' };
  const { cost, reading } = booked('house-model', { status: 'ok', usage: kept });
  expect(cost.usd).toBeNull();
  expect(reading).toMatchObject({ partial: 'the stream ended early' });
});

test('an earlier entry whose price went is as partial as it was booked', () => {
  const entry = sampleCall();
  entry.cost = {
    usd: '1',
    status: 'partial',
    charges: [],
    reason: 'the stream ended early; no rate is known for pages',
  };
  const gone = { usd: null, status: 'unknown_model', charges: [] } as const;
  expect(readingOfEntry(entry, { cost: { ...gone, charges: [] }, usage })).toMatchObject({
    partial: 'the stream ended early',
  });
});

test.each([
  { status: 'no_usage', reason: 'none was sent' },
  { status: 'not_billed', reason: 'an error answer' },
  { status: 'invalid_usage', reason: 'more cached than input', raw: null },
] as const)('what was not read for $status is not read differently', (reading) => {
  expect(booked('gpt-4o', reading).reading).toEqual(reading);
});

test('a figure without usage gives nothing to price by', () => {
  const { cost } = booked('gpt-4o', { status: 'ok', usage });
  expect(readingOfEntry(sampleCall(), { cost, usage: null })).toBeNull();
});
