import { describe, expect, test } from 'vitest';
import type { CallToAdmit } from '../budget/call-to-admit.js';
import { Escrow } from '../budget/escrow.js';
import { entryEvent, entrySchema, type Entry } from '../entry.js';
import { Estimator } from '../estimate/estimator.js';
import { formatUsd } from '../money.js';
import { emptyTokens } from '../usage/usage.js';
import type { Admission } from './admission.js';
import { Breakers } from './breakers.js';
import { composeBudgets } from './compose-budgets.js';
import { Decider, type DeciderParts } from './decider.js';
import type { RecordedDecision } from './ports.js';

const noon = Date.parse('2026-11-20T12:00:00Z');

/** An app that decides about its own calls: no file, no timer, no gateway. */
function app(budgets: object[], parts: Partial<DeciderParts> = {}) {
  const composed = composeBudgets(budgets, [], noon);
  const recorded: RecordedDecision[] = [];
  const problems: Error[] = [];
  const decider = new Decider({
    definitions: { at: () => composed },
    ledger: new Escrow(),
    memory: null,
    // $1 and $10 for a million tokens.
    estimator: new Estimator(() => ({
      input: 1_000_000n,
      cacheRead: 1_000_000n,
      cacheWrite: 1_000_000n,
      cacheWrite1h: 1_000_000n,
      output: 10_000_000n,
    })),
    breakers: new Breakers([]),
    decisions: { add: (decision) => void recorded.push(decision) },
    acknowledgements: null,
    onProblem: (problem) => void problems.push(problem),
    ...parts,
  });
  return { decider, recorded, problems };
}

let calls = 0;

function callOf(changes: Partial<CallToAdmit> = {}): CallToAdmit {
  calls += 1;
  return {
    id: `call-${calls}`,
    at: noon,
    tags: { feature: 'chat' },
    shape: {
      provider: 'openai',
      model: 'large',
      tags: { feature: 'chat' },
      at: noon,
      textBytes: 4_000,
      fileTokens: 0,
      maxOutput: 100,
      caching: 'none',
      hasOutput: true,
    },
    ...changes,
  };
}

function entryOf({ id, tags, shape }: CallToAdmit, usd: bigint): Entry {
  const time = new Date(noon).toISOString();
  return {
    schema: entrySchema,
    event: entryEvent,
    id,
    kind: 'call',
    source: 'sdk',
    started_at: time,
    ended_at: time,
    duration_ms: 0,
    provider: shape.provider,
    api: 'chat.completions',
    stream: false,
    model_requested: shape.model,
    model: shape.model,
    outcome: 'ok',
    http_status: 200,
    attempt: 1,
    usage: {
      tokens: { ...emptyTokens(), input_uncached: 1_000, output: 50 },
      details: {},
      units: {},
      modifiers: {},
      estimated: false,
      raw: null,
      notes: [],
    },
    cost: { usd: formatUsd(usd), status: 'priced', source: 'base', charges: [] },
    tags,
  };
}

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
