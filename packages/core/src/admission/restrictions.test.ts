import { describe, expect, test } from 'vitest';
import type { CallShape } from '../estimate/estimator.js';
import type { Tags } from '../tags.js';
import type { Admission } from './admission.js';
import type { BudgetChange } from './budget-change.js';
import { composeBudgets } from './compose-budgets.js';
import { app, callOf, noon } from './decider.fixture.js';
import { composeRestrictions, restrictionProblem, Restrictions } from './restrictions.js';

const later = new Date(noon + 3_600_000).toISOString();

function recorded(id: string) {
  return { id, recorded_at: new Date(noon - 1_000).toISOString(), recorded_by: 'ada' };
}

function restrict(
  step: 'downgrade' | 'truncate' | 'throttle' | 'block',
  more: Partial<Extract<BudgetChange, { do: 'restrict' }>> = {},
): BudgetChange {
  return {
    ...recorded('re-1'),
    do: 'restrict',
    scope: { feature: 'chat' },
    step,
    cause: 'it costs twice what it did.',
    until: later,
    ...more,
  };
}

const stop = (run: string, id = 'st-1'): BudgetChange => ({
  ...recorded(id),
  do: 'stop_run',
  run,
  cause: 'it repeated itself 6 times',
  until: later,
  incident: 'in-1',
});

const admitted = (changes: BudgetChange[], call = callOf(), budgets: object[] = []) => {
  const { decider, recorded: decisions } = app(budgets, {}, changes);
  return { admission: decider.admit(call) as Admission, decider, decisions };
};

describe('a restriction', () => {
  test('that blocks refuses calls of its scope, also where there are no budgets', () => {
    const { admission, decisions } = admitted([restrict('block')]);
    expect(admission.refusal).toEqual({
      action: 'block',
      budget: 're-1',
      code: 'restricted',
      until: later,
      retry_after_s: null,
      message:
        'Calls like this one are blocked until 2026-11-20 13:00 UTC: it costs twice what it did. Do not repeat the call at once.',
    });
    expect(decisions).toMatchObject([{ outcome: 'refused', steps: [{ do: 'restriction' }] }]);
    const other = callOf({ tags: { feature: 'mail' } });
    expect(admitted([restrict('block')], other).admission.outcome).toBe('admitted');
  });

  test('that throttles lets the first of so many calls pass', () => {
    const { decider } = app([], {}, [restrict('throttle', { one_in: 3 })]);
    const outcomes = Array.from(
      { length: 7 },
      () => (decider.admit(callOf()) as Admission).outcome,
    );
    expect(outcomes.map((outcome) => outcome === 'admitted')).toEqual([
      true,
      false,
      false,
      true,
      false,
      false,
      true,
    ]);
  });

  test('that downgrades goes down its list to the next model with a price, and no further', () => {
    const call = callOf({ onModel: (model): CallShape => ({ ...callOf().shape, model }) });
    const chain = { downgrade: ['large', 'small'] };
    const { admission } = admitted([restrict('downgrade', chain)], call);
    expect(admission).toMatchObject({ outcome: 'admitted', shape: { model: 'small' } });
    const other = { downgrade: ['another', 'small'] };
    expect(admitted([restrict('downgrade', other)], call).admission.shape.model).toBe('large');
  });

  test('that truncates leaves out half of the request; budgets see what is left', () => {
    const call = callOf({
      truncated: (bytes, shape) => ({ ...shape, textBytes: shape.textBytes - bytes }),
    });
    const budget = [{ name: 'all', limit: 1, hold: 'bound' }];
    const { admission, decisions } = admitted([restrict('truncate')], call, budget);
    expect(admission.shape.textBytes).toBe(2_000);
    expect(admission.terms.held?.calls).toBe(1n);
    expect(decisions[0]?.steps[0]).toEqual({
      do: 'restriction',
      restriction: 're-1',
      step: 'truncate',
    });
  });

  test('ends by itself, and when it is lifted', () => {
    const changes = [restrict('block')];
    expect(composeRestrictions(changes, noon).restrictions).toHaveLength(1);
    const { nextChangeAt } = composeBudgets([], changes, noon);
    expect(nextChangeAt).toBe(Date.parse(later));
    expect(composeRestrictions(changes, nextChangeAt).restrictions).toEqual([]);
    const lift: BudgetChange = { ...recorded('li-1'), do: 'lift', restriction: 're-1' };
    expect(composeRestrictions([...changes, lift], noon).restrictions).toEqual([]);
  });

  test.each([
    [{ step: 'slow', scope: {} }, '`step` must be one of'],
    [{ step: 'trottle', scope: {} }, 'Did you mean "throttle"?'],
    [{ step: 'block', scope: { feature: 7 } }, '`scope` must name dimensions'],
    [{ step: 'downgrade', scope: {}, downgrade: ['large'] }, 'at least two models'],
    [{ step: 'throttle', scope: {}, one_in: 1 }, '`one_in` must be a whole number from 2'],
  ])('that cannot be meant is told: %j', (wanted, message) => {
    expect(restrictionProblem(wanted as never)).toContain(message);
    const change = { ...restrict('block'), ...wanted } as BudgetChange;
    const { restrictions, problems } = composeRestrictions([change], noon);
    expect(restrictions).toEqual([]);
    expect(problems[0]).toContain('restriction re-1');
  });
});

describe('a stopped run', () => {
  test.each<[string, Tags, boolean]>([
    ['by its run', { run: 'r_1' }, true],
    ['by its session, where it has no run', { session: 'r_1' }, true],
    ['not by its session, where it has a run', { run: 'r_2', session: 'r_1' }, false],
    ['not where it has neither', { feature: 'chat' }, false],
  ])('refuses a call %s', (_how, tags, isRefused) => {
    const { admission } = admitted([stop('r_1')], callOf({ tags }));
    expect(admission.outcome).toBe(isRefused ? 'refused' : 'admitted');
  });

  test('says what an agent needs to know', () => {
    const { admission } = admitted([stop('r_1')], callOf({ tags: { run: 'r_1' } }));
    expect(admission.refusal).toMatchObject({
      action: 'block',
      code: 'run_stopped',
      incident: 'in-1',
      until: later,
      // Nothing to wait for: a client would only call again.
      retry_after_s: null,
      message:
        'This run was stopped: it repeated itself 6 times. Do not retry: every further call of the run is refused until 2026-11-20 13:00 UTC, unless a person releases it (farthing runs release r_1).',
    });
  });

  test('goes on when it is released, and can be stopped anew', () => {
    const release: BudgetChange = { ...recorded('rl-1'), do: 'release_run', run: 'r_1' };
    const changes = [stop('r_1'), release];
    expect(composeRestrictions(changes, noon).stoppedRuns.size).toBe(0);
    const again = composeRestrictions([...changes, stop('r_1', 'st-2')], noon);
    expect(again.stoppedRuns.get('r_1')?.id).toBe('st-2');
  });

  test('that keeps calling is recorded once a moment, and counted', () => {
    const counted: string[] = [];
    const decisions = {
      add: () => counted.push('written'),
      repeats: (likeness: string) => counted.push(likeness) > 1,
    };
    const { decider } = app([], { decisions }, [stop('r_1')]);
    const call = () => decider.admit(callOf({ tags: { run: 'r_1' } })) as Admission;
    expect(call().decision).not.toBeNull();
    expect(call().decision).toBeNull();
    expect(counted).toEqual(['run_stopped st-1', 'written', 'run_stopped st-1']);
  });
});

test('a throttle that goes on goes on counting when others come and go', () => {
  const restrictions = new Restrictions();
  const passes = () =>
    restrictions.of({ tags: { feature: 'chat' }, provider: 'openai', model: 'large' }).length === 0;
  const throttle = restrict('throttle', { one_in: 2 });
  restrictions.follow(composeRestrictions([throttle], noon));
  expect(passes()).toBe(true);
  restrictions.follow(composeRestrictions([throttle, stop('r_1')], noon));
  expect([passes(), passes()]).toEqual([false, true]);
});
