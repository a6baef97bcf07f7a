import { afterEach, describe, expect, test, vi } from 'vitest';
import type { UsageReading } from '../usage/usage.js';
import { callTime } from './call-time.js';
import { ruleLayer } from './price-rows.js';
import { PriceBook } from './price-book.js';
import { emptyTokens } from '../usage/usage.js';

afterEach(() => vi.unstubAllEnvs());

describe.each(['America/New_York', 'Asia/Kolkata', 'UTC'])('on a machine in %s', (zone) => {
  test.each([
    ['2027-01-01', '2027-01-01T00:00:00.000Z'],
    ['2027-01-01T00:00', '2027-01-01T00:00:00.000Z'],
    ['2027-01-01T00:00:00', '2027-01-01T00:00:00.000Z'],
    ['2027-01-01 00:00:00.5', '2027-01-01T00:00:00.500Z'],
    ['2027-01-01T00:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['2027-01-01T05:30:00+05:30', '2027-01-01T00:00:00.000Z'],
  ])('%s is %s', (at, instant) => {
    vi.stubEnv('TZ', zone);
    expect(new Date(callTime(at)).toISOString()).toBe(instant);
  });

  test('a price that begins at midnight UTC holds from there on', () => {
    vi.stubEnv('TZ', zone);
    const model = { provider: 'acme', model: 'm', source: 'test' };
    const book = new PriceBook([
      ruleLayer('base', 'list', [
        { ...model, rates: { input: '1', output: '1' } },
        { ...model, from: '2027-01-01T00:00:00Z', rates: { input: '2' } },
      ]),
    ]);
    const reading: UsageReading = {
      status: 'ok',
      usage: {
        tokens: { ...emptyTokens(), input_uncached: 1_000_000 },
        details: {},
        units: {},
        modifiers: {},
        estimated: false,
        raw: null,
        notes: [],
      },
    };
    const usdAt = (at: string) =>
      book.price({ provider: 'acme', api: 'chat.completions', model: 'm', at, reading }).usd;
    expect(usdAt('2026-12-31T23:59:59')).toBe('1');
    expect(usdAt('2027-01-01T00:00:00')).toBe('2');
    expect(book.describe('acme', 'm')?.ratesAt({ at: '2026-12-31T23:59:59' }).rates).toContainEqual(
      expect.objectContaining({ unit: 'input', rate_usd: '1' }),
    );
  });
});

test.each(['', 'yesterday', '2027-13-01', Number.NaN])('%j is no time', (at) => {
  expect(() => callTime(at)).toThrow(expect.objectContaining({ code: 'invalid_time' }));
});
