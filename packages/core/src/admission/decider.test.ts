import { describe, expect, test } from 'vitest';
import type { Entry } from '../entry.js';
import { Estimator } from '../estimate/estimator.js';
import type { Admission } from './admission.js';
import { Breakers } from './breakers.js';
import type { RecordedDecision } from './ports.js';
import { app, callOf, entryOf } from './decider.fixture.js';

describe('deciding inside an app', () => {
  test('admits what fits, holds it, and settles at what the call took', () => {
    // A call holds 2,000 tokens of input and 100 of output: $0.003.
    const { decider } = app([{ name: 'all', limit: 0.004, hold: 'bound' }]);
    const first = callOf();
    const admission = decider.admit(first) as Admission;
    expect(admission).toMatchObject({ outcome: 'admitted', terms: { held: { calls: 1n } } });
    expect(decider.admit(callOf())).toMatchObject({ outcome: 'refused' });
    decider.ended(entryOf(first, 1_000_000_000n), first, admission);
    expect(decider.admit(callOf())).toMatchObject({ outcome: 'admitted' });
  });

  test('says nothing of calls that nobody limits, and teaches the estimator all the same', () => {
    const { decider, recorded } = app([]);
    const call = callOf();
    const admission = decider.admit(call) as Admission;
    expect(admission).toMatchObject({ decision: null, warnings: [], terms: { held: null } });
    expect(decider.takeLearned()).toBe(false);
    decider.ended(entryOf(call, 1n), call, admission);
    expect(decider.takeLearned()).toBe(true);
    expect(recorded).toEqual([]);
  });

  test('records a refusal with every account that was asked', () => {
    const { decider, recorded } = app([
      { name: 'wide', limit: 1 },
      { name: 'chat', scope: { feature: '*' }, limit: 0.0001, window: 'day' },
    ]);
    decider.admit(callOf());
    expect(recorded).toMatchObject([
      { outcome: 'refused', refusal: { budget: 'chat' }, tags: { feature: 'chat' } },
    ]);
    expect(recorded[0]!.accounts.map(({ budget, said }) => `${budget} ${said}`).sort()).toEqual([
      'chat no',
      'wide yes',
    ]);
  });

  describe('when refusals alike follow each other', () => {
    const told: string[] = [];
    const counted: string[] = [];
    const decisions = {
      add: (_: RecordedDecision, _at: number, likeness = 'of its own') => void told.push(likeness),
      repeats: (likeness: string, call: string) =>
        told.includes(likeness) && counted.push(call) > 0,
    };
    const budgets = [
      { name: 'user', scope: { user: '*' }, limit: 0.0001, actions: ['throttle'], window: 'day' },
      { name: 'chain', scope: { feature: 'long' }, limit: 0.001, actions: ['truncate', 'block'] },
    ];

    test('tells the first, and counts the others with it: each is answered alike', () => {
      const { decider } = app(budgets, { decisions });
      const ask = (user: string) => decider.admit(callOf({ tags: { user } })) as Admission;
      const [first, second, third, other] = [ask('ada'), ask('ada'), ask('ada'), ask('bob')];
      expect(told).toHaveLength(2);
      expect(counted).toHaveLength(2);
      expect(first!.decision).not.toBeNull();
      for (const one of [second, third]) {
        expect(one).toMatchObject({ outcome: 'refused', decision: null, terms: { held: null } });
        expect(one!.refusal).toEqual(first!.refusal);
      }
      expect(other!.decision).not.toBeNull();
    });

    test('tells what was tried before each refusal that did not come at first asking', () => {
      told.length = counted.length = 0;
      const { decider } = app(budgets, { decisions });
      const truncated = () => ({ ...callOf().shape, textBytes: 3_000 });
      const ask = () =>
        decider.admit(callOf({ tags: { feature: 'long' }, truncated })) as Admission;
      for (const one of [ask(), ask()]) {
        expect(one.decision?.steps.map((step) => step.do)).toContain('block');
      }
      expect(counted).toEqual([]);
    });
  });

  test('refuses without a token where nobody can confirm anything', () => {
    const { decider } = app([{ name: 'dear', call: { max: 0.0001 }, actions: ['acknowledge'] }]);
    const admission = decider.admit(callOf({ fingerprint: () => 'request' })) as Admission;
    expect(admission.refusal).toMatchObject({ action: 'acknowledge' });
    expect(admission.refusal).not.toHaveProperty('acknowledgement');
  });

  test('lets the call pass that a person confirmed, and gives a token for the one after', () => {
    const confirmed = new Set(['request']);
    const { decider } = app([{ name: 'dear', call: { max: 0.0001 }, actions: ['acknowledge'] }], {
      acknowledgements: {
        issue: (budgets) => ({ token: budgets.join(), expires_at: '' }),
        use: () => 'no token is known here',
        take: (digest) =>
          confirmed.delete(digest)
            ? { budgets: ['dear'], giveBack: () => confirmed.add(digest) }
            : null,
      },
    });
    const ask = () => decider.admit(callOf({ fingerprint: () => 'request' })) as Admission;
    expect(ask().outcome).toBe('admitted');
    expect(ask().refusal).toMatchObject({ acknowledgement: { token: 'dear' } });
  });

  test('trips a breaker on what calls took', () => {
    const breakers = new Breakers([
      {
        name: 'pace',
        scope: { feature: '*' },
        limit: 1_000_000_000n,
        windowMilliseconds: 60_000,
        steps: ['block'],
        coolDownMilliseconds: 60_000,
        probes: 1,
        downgrades: new Map(),
      },
    ]);
    const { decider, recorded } = app([], { breakers });
    const call = callOf();
    decider.ended(entryOf(call, 2_000_000_000n), call, decider.admit(call) as Admission);
    expect(decider.admit(callOf())).toMatchObject({
      outcome: 'refused',
      refusal: { breaker: true, action: 'block' },
    });
    expect(decider.admit(callOf({ tags: { feature: 'other' } }))).toMatchObject({
      outcome: 'admitted',
    });
    expect(recorded).toHaveLength(1);
  });

  test('a tripped breaker passes over models that have no known price where the call goes', () => {
    const breakers = new Breakers([
      {
        name: 'pace',
        scope: { feature: '*' },
        limit: 1_000_000_000n,
        windowMilliseconds: 60_000,
        steps: ['downgrade'],
        coolDownMilliseconds: 60_000,
        probes: 1,
        downgrades: new Map([
          ['large', 'elsewhere'],
          ['elsewhere', 'small'],
        ]),
      },
    ]);
    const prices = { input: 1n, cacheRead: 1n, cacheWrite: 1n, cacheWrite1h: 1n, output: 1n };
    const estimator = new Estimator(({ model }) => (model === 'elsewhere' ? null : prices));
    const { decider } = app([], { breakers, estimator });
    const asked = callOf();
    const onModel = (model: string) => ({ ...asked.shape, model });
    decider.ended(entryOf(asked, 2_000_000_000n), asked, decider.admit(asked) as Admission);
    expect((decider.admit(callOf({ onModel })) as Admission).shape.model).toBe('small');
  });

  test('never lets an entry that cannot be settled reach the caller', () => {
    const { decider, problems } = app([{ name: 'all', limit: 1 }]);
    const call = callOf();
    const admission = decider.admit(call) as Admission;
    const odd = { ...entryOf(call, 1n), cost: { usd: 'much', status: 'priced', charges: [] } };
    decider.ended(odd as Entry, call, admission);
    expect(problems).toHaveLength(1);
  });
});
