import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../api/budgets-contract.js';
import { parseUsd } from '../money/usd.js';
import { countedBy, latelyWords, paceOf, paceShare } from './pace.js';

const hour = 3_600_000;
const now = Date.parse('2026-11-22T20:00:00.000Z');
const midnight = { window: 'day', resets_at: '2026-11-23T00:00:00.000Z' };
const account = (part: Partial<Account> = {}): Account => ({
  scope: {},
  measure: 'usd',
  limit: '10',
  spent: '4',
  held: '0',
  ratio: 0.4,
  ...part,
});
const dollars = (usd: string, milliseconds = 3 * hour) => ({ taken: parseUsd(usd), milliseconds });

describe('how far the pace looks back', () => {
  it('is said as it is, also where the books are younger', () => {
    expect(latelyWords('month', 72 * hour)).toBe('last 3 days');
    expect(latelyWords('month', hour / 2)).toBe('last 30 minutes');
    expect(latelyWords('day', hour / 100)).toBe('last minute');
    expect(latelyWords('minute', hour)).toBeNull();
  });
});

describe('the pace of an account', () => {
  it('goes on in a straight line to the reset', () => {
    // $3 in three hours, four hours left.
    const pace = paceOf(account(), midnight, dollars('3'), now);
    expect(pace).toEqual({ kind: 'fits', amount: '8', share: 0.8 });
  });

  it('says when it is used up, if that is before the reset, and how long before', () => {
    const pace = paceOf(account(), midnight, dollars('9'), now);
    expect(pace).toEqual({ kind: 'full', after: 2 * hour, before: 2 * hour });
    expect(paceShare(pace)).toBe(1);
  });

  it('counts what is held as taken', () => {
    const pace = paceOf(account({ held: '1' }), midnight, dollars('3'), now);
    expect(pace).toMatchObject({ amount: '9' });
  });

  it('says nothing of an account that is used up, and that nothing goes on where nothing was', () => {
    expect(paceOf(account({ spent: '10' }), midnight, dollars('3'), now)).toBeNull();
    expect(paceOf(account(), midnight, dollars('0'), now)).toEqual({ kind: 'nothing' });
  });

  it('of a rolling window is what its length comes to: what is older is forgotten', () => {
    const rolling = { window: 'rolling day', resets_at: '2026-11-22T20:24:00.000Z' };
    expect(paceOf(account(), rolling, dollars('1'), now)).toEqual({
      kind: 'fits',
      amount: '8',
      share: 0.8,
    });
    expect(paceOf(account(), rolling, dollars('3'), now)).toMatchObject({
      kind: 'full',
      before: null,
    });
  });

  it('of a total has no end but the limit, which is no share of a gauge', () => {
    const pace = paceOf(account(), { window: 'total', resets_at: null }, dollars('3'), now);
    expect(pace).toEqual({ kind: 'full', after: 6 * hour, before: null });
    expect(paceShare(pace)).toBeNull();
  });

  it('counts tokens and calls whole', () => {
    const calls = account({ measure: 'calls', limit: '100', spent: '40' });
    const pace = paceOf(calls, midnight, { taken: 30n, milliseconds: 3 * hour }, now);
    expect(pace).toEqual({ kind: 'fits', amount: '80', share: 0.8 });
  });

  it('fits exactly when it is not used up before the reset', () => {
    const pico = fc.bigInt(1n, 10n ** 15n);
    fc.assert(
      fc.property(pico, pico, fc.integer({ min: 1, max: 86_400_000 }), (limit, taken, left) => {
        const calls = account({ measure: 'calls', limit: String(limit), spent: '0' });
        const resets = new Date(now + left).toISOString();
        const recent = { taken, milliseconds: hour };
        const pace = paceOf(calls, { window: 'day', resets_at: resets }, recent, now);
        if (pace?.kind === 'fits') expect(BigInt(pace.amount)).toBeLessThanOrEqual(limit + taken);
        else expect(pace).toMatchObject({ kind: 'full' });
        if (pace?.kind === 'full') expect(pace.after).toBeLessThan(left);
      }),
    );
  });
});

it('rests on the calls that count: not on imports, and those of the account alone', () => {
  expect(countedBy({ scope: { user: 'u_1', model: 'gpt-5', key: 'app' } })).toEqual([
    { dimension: 'source', op: 'in', values: ['gateway', 'sdk'] },
    { dimension: 'user', op: 'in', values: ['u_1'] },
    { dimension: 'model_requested', op: 'in', values: ['gpt-5'] },
    { dimension: 'tag:key', op: 'in', values: ['app'] },
  ]);
});
