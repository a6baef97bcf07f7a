import { describe, expect, test } from 'vitest';
import type { AdmissionRequest, Attempt } from './admission-request.js';
import { admit } from './admit.js';
import { BudgetAccounts } from './budget-accounts.js';
import { Escrow } from './escrow.js';
import { readBudgets } from './read-budgets.js';

const noon = Date.parse('2026-11-20T12:00:00Z');
const usd = (amount: number) => BigInt(Math.round(amount * 1e12));

/** Prices per token of three models, input and output. */
const prices: Record<string, [input: number, output: number]> = {
  large: [10e-6, 50e-6],
  medium: [2e-6, 10e-6],
  small: [0.1e-6, 0.5e-6],
};

function attemptOn(model: string, inputTokens = 10_000): Attempt {
  const [input, output] = prices[model]!;
  return {
    model,
    expectedCost: usd(input * inputTokens + output * 300),
    demand: {
      inputTokens,
      inputCost: usd(input * inputTokens),
      outputPrice: usd(output),
      likelyOutput: 500,
      mostOutput: 4_000,
      mayClamp: true,
    },
  };
}

let calls = 0;

function scenario(budgets: object[], changes: Partial<AdmissionRequest> = {}) {
  const accounts = new BudgetAccounts(readBudgets(budgets));
  const ledger = new Escrow();
  return {
    ledger,
    call: (model = 'large') =>
      admit(ledger, {
        id: `call-${(calls += 1)}`,
        at: noon,
        attempt: attemptOn(model),
        claims: () =>
          accounts.claims({ tags: { feature: 'search', user: 'u1' }, provider: 'x', model }),
        onModel: (name) => (name in prices ? attemptOn(name) : null),
        truncatedTo: (tokens, { model: name }) => (tokens < 500 ? null : attemptOn(name, tokens)),
        acknowledged: () => false,
        ...changes,
      }),
  };
}

describe('a call that fits', () => {
  test('is admitted as it is, and the reservation is held', async () => {
    const { call, ledger } = scenario([{ name: 'team', limit: 100 }]);
    const { outcome, decision, attempt, hold } = await call();
    expect(outcome).toBe('admitted');
    expect(attempt.model).toBe('large');
    expect(decision, 'there is nothing to tell').toBeNull();
    expect(hold).toEqual({ usd: usd(0.3), tokens: 14_000n });
    expect(ledger.liveHolds).toBe(1);
  });

  test('is admitted with fewer output tokens where the limit is near', async () => {
    const { call } = scenario([{ name: 'team', limit: 0.14 }]);
    const { decision, hold } = await call();
    expect(decision!.outcome).toBe('admitted');
    expect(hold.maxOutput).toBe(500);
  });

  test('is told when the soft threshold is passed', async () => {
    const { call } = scenario([{ name: 'team', limit: 0.14 }]);
    expect((await call()).decision!.warnings).toEqual(['budget "team" is nearly used up']);
  });

  test('meets no budget when there is none', async () => {
    expect(await scenario([]).call()).toMatchObject({ outcome: 'admitted', decision: null });
  });
});

describe('a call that does not fit', () => {
  test('is refused by a budget that blocks, with the account that said no', async () => {
    const { call, ledger } = scenario([
      { name: 'company', limit: 100 },
      { name: 'each user', scope: { user: '*' }, limit: 0.05, window: 'day' },
    ]);
    const { decision } = await call();
    expect(decision!.refusal).toEqual({
      action: 'block',
      budget: 'each user',
      message: 'Budget "each user" does not have enough left for this call.',
      retry_after_s: 12 * 3_600,
    });
    expect(decision!.accounts[0]).toEqual({
      budget: 'each user',
      scope: { user: 'u1' },
      measure: 'usd',
      limit: '0.05',
      used: '0',
      asked: '0.1008',
      said: 'no',
      resets_at: '2026-11-21T00:00:00.000Z',
    });
    expect(ledger.liveHolds).toBe(0);
  });

  test('goes to a cheaper model where the budget has a chain, as far down as needed', async () => {
    const budget = {
      name: 'team',
      limit: 0.01,
      actions: ['downgrade'],
      downgrade: ['large', 'medium', 'small'],
    };
    const { decision, attempt } = await scenario([budget]).call();
    expect(attempt.model).toBe('small');
    expect(decision!.steps.filter((step) => step.do === 'downgrade')).toEqual([
      { do: 'downgrade', budget: 'team', from: 'large', to: 'medium' },
      { do: 'downgrade', budget: 'team', from: 'medium', to: 'small' },
    ]);
  });

  test('passes over models of the chain that have no known price where the call goes', async () => {
    const unpriced = (model: string): Attempt => ({
      ...attemptOn('small'),
      model,
      expectedCost: null,
    });
    const onModel = (name: string) => (name in prices ? attemptOn(name) : unpriced(name));
    const chain = (models: string[]) => ({
      name: 'team',
      limit: 0.01,
      actions: ['downgrade'],
      downgrade: models,
    });
    const further = await scenario([chain(['large', 'elsewhere', 'small'])], { onModel }).call();
    expect(further.attempt.model).toBe('small');
    expect(further.decision!.steps.filter((step) => step.do === 'downgrade')).toEqual([
      { do: 'downgrade', budget: 'team', from: 'large', to: 'small' },
    ]);
    const ended = await scenario([chain(['large', 'medium', 'elsewhere'])], { onModel }).call();
    expect(ended.decision!.refusal, 'what holds nothing would fit into any limit').toMatchObject({
      action: 'block',
    });
  });

  test('has its history cut to what remains, with room for an answer', async () => {
    const { decision, attempt } = await scenario([
      { name: 'team', limit: 0.05, actions: ['truncate'] },
    ]).call();
    expect(decision!.outcome).toBe('admitted');
    expect(attempt.demand.inputTokens).toBeLessThan(5_000);
    expect(attempt.demand.inputTokens).toBeGreaterThan(4_500);
  });

  test('tries the actions of its budget in their order', async () => {
    const budget = {
      name: 'team',
      limit: 0.011,
      actions: ['downgrade', 'truncate', 'throttle'],
      downgrade: ['large', 'medium'],
    };
    const { decision } = await scenario([budget]).call();
    expect(decision!.steps.map((step) => step.do)).toEqual([
      'hold',
      'downgrade',
      'hold',
      'truncate',
      'hold',
    ]);
    const tooSmall = await scenario([{ ...budget, limit: 0.0001 }]).call();
    expect(tooSmall.decision!.refusal).toMatchObject({ action: 'throttle' });
  });

  test('waits for a person where the budget asks for that, and passes once confirmed', async () => {
    const budget = { name: 'dear calls', limit: 1_000, call: { max: 0.05 }, action: 'acknowledge' };
    expect((await scenario([budget]).call()).decision!.refusal).toMatchObject({
      action: 'acknowledge',
      retry_after_s: null,
    });
    const confirmed = scenario([budget], { acknowledged: ({ name }) => name === 'dear calls' });
    expect((await confirmed.call()).decision).toMatchObject({
      outcome: 'admitted',
      steps: [{ do: 'cap' }, { do: 'acknowledged' }, { do: 'cap' }, { do: 'hold' }],
    });
  });

  test('passes a budget that only warns', async () => {
    const { decision } = await scenario([
      { name: 'watched', limit: 0.01, action: 'log_only' },
    ]).call();
    expect(decision).toMatchObject({
      outcome: 'admitted',
      warnings: ['budget "watched" is used up'],
      accounts: [{ said: 'over' }],
    });
  });
});

describe('the cap for a single call', () => {
  const caps = { name: 'caps', limit: 1_000, call: { warn: 0.02, max: 0.05 } };

  test('refuses above the maximum and warns above the usual', async () => {
    expect((await scenario([caps]).call('large')).decision!.outcome).toBe('refused');
    const medium = (await scenario([caps]).call('medium')).decision;
    expect(medium!.warnings).toEqual([
      'budget "caps": the call is expected to cost more than is usual',
    ]);
    expect((await scenario([caps]).call('small')).decision).toBeNull();
  });

  test('says of a history that was cut what is expected, as the limit does, not the most it can be', async () => {
    const long = (tokens: number): Attempt => ({
      ...attemptOn('small', tokens),
      expectedInput: tokens / 2,
    });
    const { decision } = await scenario(
      [{ name: 'short', call: { input_tokens: 2_000 }, actions: ['truncate'] }],
      { attempt: long(10_000), truncatedTo: (tokens) => long(tokens) },
    ).call();
    expect(decision!.steps.find((step) => step.do === 'truncate')).toEqual({
      do: 'truncate',
      budget: 'short',
      from_input_tokens: 5_000,
      to_input_tokens: 2_000,
    });
  });

  test('truncates rather than refuses where told to', async () => {
    const { attempt, decision } = await scenario([{ ...caps, actions: ['truncate'] }]).call();
    expect(decision!.outcome).toBe('admitted');
    expect(attempt.expectedCost! <= usd(0.05)).toBe(true);
  });
});

test('a model without a price is held in tokens and calls, and refused by no limit in money', async () => {
  const { call } = scenario(
    [
      { name: 'money', limit: 0.0001 },
      { name: 'calls', limit: { calls: 1 } },
    ],
    { attempt: { ...attemptOn('small'), expectedCost: null } },
  );
  expect((await call()).decision!.outcome).toBe('admitted');
  expect((await call()).decision!.refusal).toMatchObject({ budget: 'calls' });
});

describe('what is said about a call', () => {
  test('names every account where somebody may ask, also those that said yes', async () => {
    const { call } = scenario([
      { name: 'company', limit: 100 },
      { name: 'each user', scope: { user: '*' }, limit: 0.05, window: 'day' },
    ]);
    const { decision } = await call();
    expect(decision!.accounts.map(({ budget, said, used }) => [budget, said, used])).toEqual([
      ['each user', 'no', '0'],
      ['company', 'yes', '0'],
    ]);
  });

  test('shows what was used without the call itself', async () => {
    const { call } = scenario([
      { name: 'company', limit: 100 },
      { name: 'team', limit: 0.14 },
    ]);
    const { decision } = await call();
    expect(decision!.outcome).toBe('admitted');
    expect(decision!.accounts.map(({ budget, said, used }) => [budget, said, used])).toEqual([
      ['team', 'soft', '0'],
      ['company', 'yes', '0'],
    ]);
  });
});

describe('a ledger that answers at once', () => {
  test('is answered at once', () => {
    expect(scenario([{ name: 'team', limit: 100 }]).call()).not.toBeInstanceOf(Promise);
  });
});

describe('limits of a single call', () => {
  test('keep its input and its answer to so many tokens', async () => {
    const { decision, attempt, hold } = await scenario([
      { name: 'chat', call: { input_tokens: 8_000, output_tokens: 1_000 }, actions: ['truncate'] },
    ]).call();
    expect(decision!.outcome).toBe('admitted');
    expect(attempt.demand.inputTokens).toBe(8_000);
    expect(hold.maxOutput).toBe(1_000);
  });

  test('warn where the input comes near', async () => {
    const { decision } = await scenario([{ name: 'chat', call: { input_tokens: 11_000 } }]).call();
    expect(decision!.warnings).toEqual([
      'budget "chat": the call has nearly as much input as one call may',
    ]);
  });

  test('refuse an answer that may be longer where the request must not be changed', async () => {
    const capped = (mostOutput: number) =>
      scenario([{ name: 'chat', call: { output_tokens: 1_000 } }], {
        attempt: {
          ...attemptOn('large'),
          demand: { ...attemptOn('large').demand, mayClamp: false, mostOutput },
        },
      }).call();
    expect((await capped(1_001)).decision!.refusal).toMatchObject({ budget: 'chat' });
    const { outcome, hold } = await capped(1_000);
    expect(outcome).toBe('admitted');
    expect(hold.maxOutput).toBeUndefined();
  });

  test('refuse where the budget has nothing else to try', async () => {
    const { decision } = await scenario([{ name: 'chat', call: { input_tokens: 9_999 } }]).call();
    expect(decision!.refusal).toMatchObject({ action: 'block', retry_after_s: null });
  });
});

describe('a paused budget', () => {
  test('counts, and neither refuses nor warns', async () => {
    const { call, ledger } = scenario([
      { name: 'team', limit: 0.01, call: { max: 0.0001 }, paused: true },
    ]);
    expect(await call()).toMatchObject({ outcome: 'admitted', decision: null });
    expect(ledger.liveHolds).toBe(1);
  });
});
