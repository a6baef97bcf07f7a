import { describe, expect, test } from 'vitest';
import { readBudgets } from './read-budgets.js';

const read = (...budgets: object[]) => readBudgets(budgets);
const problemOf = (budget: object) => {
  try {
    read({ name: 'b', limit: 10, ...budget });
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

describe('a budget', () => {
  test('needs a name and a limit; the rest has defaults', () => {
    expect(read({ name: 'all', limit: 100 })).toEqual([
      {
        name: 'all',
        scope: {},
        window: { unit: 'month', rolling: false },
        limits: { usd: 100_000_000_000_000n },
        softShare: 0.8,
        call: {},
        actions: ['block'],
        downgrades: new Map(),
        hold: 'clamp',
        leastOutput: 16,
        unavailable: { mode: 'closed' },
        paused: false,
      },
    ]);
  });

  test('is read in full', () => {
    const [budget] = read({
      name: 'support agent',
      scope: { agent: 'customer-support-v2', user: '*', 'tag:team': 'core' },
      limit: { usd: '15.00', tokens: 2_000_000, calls: 500 },
      window: 'rolling day',
      soft: 0.9,
      call: { warn: 0.02, max: 0.05 },
      actions: ['downgrade', 'truncate', 'throttle'],
      downgrade: ['claude-opus-4-6', 'claude-sonnet-4-6', 'claude-haiku-4-5'],
      hold: 'bound',
      least_output: 64,
      unavailable: { allowance: 1.5 },
      paused: true,
    });
    expect(budget).toMatchObject({
      window: { unit: 'day', rolling: true },
      limits: { usd: 15_000_000_000_000n, tokens: 2_000_000n, calls: 500n },
      call: { warn: 20_000_000_000n, max: 50_000_000_000n },
      actions: ['downgrade', 'truncate', 'throttle'],
      unavailable: { mode: 'allowance', amounts: { usd: 1_500_000_000_000n } },
    });
    expect(budget!.downgrades.get('claude-opus-4-6')).toBe('claude-sonnet-4-6');
  });

  test('may limit single calls only, in money and in tokens', () => {
    expect(read({ name: 'calls', call: { warn: 0.02, max: 0.05 } })[0]).toMatchObject({
      limits: {},
      call: { warn: 20_000_000_000n, max: 50_000_000_000n },
    });
    const call = { input_tokens: 8_000, output_tokens: 1_000 };
    expect(read({ name: 'chat', call, actions: ['truncate'] })[0]!.call).toEqual({
      inputTokens: 8_000,
      outputTokens: 1_000,
    });
  });

  test('knows the actions by the names that others use', () => {
    expect(read({ name: 'a', limit: 8, action: 'log_only' })[0]!.actions).toEqual(['warn']);
    expect(read({ name: 'a', limit: 8, action: 'block_and_alert' })[0]!.actions).toEqual(['block']);
  });

  test('refuses in the end when nothing helps', () => {
    const downgrade = ['gpt-4.1', 'gpt-4.1-mini'];
    expect(read({ name: 'a', limit: 8, actions: ['downgrade'], downgrade })[0]!.actions).toEqual([
      'downgrade',
      'block',
    ]);
  });
});

describe('a budget that cannot be meant is refused with the field and the fix', () => {
  test.each([
    ['a limit of nothing', { limit: 0 }, /`limit` must be an amount in USD above 0/],
    ['a negative limit', { limit: -5 }, /`limit` must be an amount in USD above 0/],
    ['a limit of no calls', { limit: { calls: 0 } }, /nothing would ever be admitted/],
    ['an unknown measure', { limit: { euros: 5 } }, /use usd, tokens or calls/],
    ['an unknown tag', { scope: { featur: 'x' } }, /scope\.featur.*Did you mean "feature"/],
    ['an unknown window', { window: 'dya' }, /`window` must be one of.*Did you mean "day"/],
    ['an unknown action', { actions: ['blok'] }, /"blok".*Did you mean "block"/],
    [
      'an action that is never reached',
      { actions: ['block', 'downgrade'] },
      /never gets to "downgrade"/,
    ],
    ['a chain in a circle', { downgrade: ['a', 'b', 'a'] }, /circle/],
    ['a downgrade to nowhere', { actions: ['downgrade'] }, /at least two models/],
    [
      'a warning above the cap',
      { call: { warn: 2, max: 1 } },
      /warns above the amount that it refuses/,
    ],
    ['a cap above the limit', { call: { max: 11 } }, /exceeds the limit of the whole window/],
    ['a cap of nothing', { call: {} }, /`call` limits nothing/],
    ['half a token', { call: { input_tokens: 0.5 } }, /whole number above 0/],
    ['a soft threshold above 1', { soft: 80 }, /share above 0 and up to 1/],
    ['a typo', { limits: 5 }, /`limits` is not known.*Did you mean "limit"/],
    [
      'a chain that no action goes down',
      { downgrade: ['a', 'b'] },
      /`downgrade` names models, but `actions` has no "downgrade"/,
    ],
    ['two ways to say what happens', { action: 'block', actions: ['warn'] }, /beside `actions`/],
    ['a total that rolls', { window: 'rolling total' }, /`window` must be one of/],
    [
      'an allowance that nothing is counted in',
      { unavailable: { allowance: { calls: 5 } } },
      /`unavailable\.allowance` is in calls, but the budget has no limit in calls/,
    ],
    ['an unknown answer to an outage', { unavailable: 'maybe' }, /closed, open, or/],
  ])('%s', (_, budget, message) => {
    expect(problemOf(budget)).toMatch(message);
  });

  test('all problems come at once', () => {
    expect(() =>
      read({ name: 'a', limit: 0, window: 'x' }, { name: 'b' }, 7 as unknown as object),
    ).toThrow(
      /budget "a": `limit`[^]*budget "a": `window`[^]*budget "b": `limit`[^]*it is missing[^]*budgets\[2\]: must be an object/,
    );
  });

  test('two of one name', () => {
    expect(() => read({ name: 'a', limit: 1 }, { name: 'a', limit: 2 })).toThrow(
      /two budgets are named "a"/,
    );
  });
});
