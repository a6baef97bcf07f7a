import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CircuitBreaker, type BreakerMemory, type BreakerRule } from './circuit-breaker.js';

const minute = 60_000;
const rule: BreakerRule = {
  name: 'search pace',
  scope: { feature: 'search' },
  limit: 100n,
  windowMilliseconds: 10 * minute,
  steps: ['downgrade', 'truncate', 'block'],
  coolDownMilliseconds: 5 * minute,
  probes: 2,
  downgrades: new Map([['large', 'small']]),
};

/** Makes a call at a time and says what it had to put up with. */
function call(breaker: CircuitBreaker, at: number, amount: bigint) {
  const { step, probe } = breaker.advise(at);
  breaker.spent(amount, at, probe);
  return step;
}

describe('a circuit breaker', () => {
  test('lets calls pass while the pace holds', () => {
    const breaker = new CircuitBreaker(rule, 'feature=search');
    for (let at = 0; at < 100 * minute; at += minute) expect(call(breaker, at, 10n)).toBeNull();
    expect(breaker.status()).toMatchObject({ state: 'closed', step: null });
  });

  test('takes the mildest step first, and the next when that does not help', () => {
    const breaker = new CircuitBreaker(rule, 'feature=search');
    const steps = Array.from({ length: 8 }, (_, index) => call(breaker, index * 1_000, 60n));
    expect(steps).toEqual([
      null,
      null,
      'downgrade',
      'downgrade',
      'truncate',
      'truncate',
      'block',
      'block',
    ]);
    expect(breaker.status()).toMatchObject({
      state: 'tripped',
      cause: 'more was spent than the pace allows',
      since: 1_000,
    });
  });

  test('tries the milder step with a few calls after the cool-down, then takes it for all', () => {
    const breaker = new CircuitBreaker(rule, 'feature=search');
    breaker.spent(101n, 0);
    expect(breaker.advise(4 * minute)).toEqual({ step: 'downgrade', probe: false });
    const first = breaker.advise(5 * minute);
    const second = breaker.advise(5 * minute);
    expect([first, second]).toEqual([
      { step: null, probe: true },
      { step: null, probe: true },
    ]);
    expect(breaker.advise(5 * minute)).toEqual({ step: 'downgrade', probe: false });
    expect(breaker.status().state).toBe('half_open');
    breaker.spent(5n, 5 * minute + 1, true);
    breaker.spent(5n, 5 * minute + 2, true);
    expect(breaker.status().state).toBe('closed');
    expect(breaker.advise(6 * minute).step).toBeNull();
  });

  test('goes back, and waits longer, when the probes spend too much', () => {
    const breaker = new CircuitBreaker(rule, 'feature=search');
    breaker.spent(101n, 0);
    breaker.advise(5 * minute);
    breaker.spent(101n, 5 * minute, true);
    expect(breaker.status()).toMatchObject({
      state: 'tripped',
      step: 'downgrade',
      until: 15 * minute,
    });
  });

  test('does not wait for ever for probes that never come back', () => {
    const breaker = new CircuitBreaker(rule, 'feature=search');
    breaker.spent(101n, 0);
    breaker.advise(5 * minute);
    breaker.advise(5 * minute);
    expect(breaker.advise(9 * minute).step).toBe('downgrade');
    expect(breaker.advise(10 * minute).step).toBeNull();
  });

  test('is tripped by an alert for as long as that says, and reset by a person', () => {
    const breaker = new CircuitBreaker(rule, 'feature=search');
    breaker.trip('a runaway run was found', 0, 60 * minute);
    expect(breaker.advise(30 * minute).step).toBe('downgrade');
    expect(breaker.status().cause).toBe('a runaway run was found');
    breaker.reset();
    expect(breaker.advise(30 * minute).step).toBeNull();
  });

  test('goes on where it was when its gateway starts anew, whatever it has been through', () => {
    const step = fc.record({ minutes: fc.nat(8), amount: fc.nat(80) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(39), (steps, restart) => {
        let breaker = new CircuitBreaker(rule, 'feature=search');
        let at = 0;
        for (const [index, { minutes, amount }] of steps.entries()) {
          if (index === restart) {
            const before = breaker.status();
            const memory = JSON.parse(JSON.stringify(breaker.memory())) as BreakerMemory;
            breaker = new CircuitBreaker(rule, 'feature=search');
            breaker.recall(memory);
            const state = before.state === 'closed' ? 'closed' : 'tripped';
            expect(breaker.status()).toEqual({ ...before, state });
            // Before its time is over it takes no milder step.
            if (before.until !== null && at < before.until && before.state === 'tripped') {
              expect(breaker.advise(at).step).toBe(before.step);
            }
          }
          at += minutes * minute;
          call(breaker, at, BigInt(amount));
        }
      }),
    );
  });
});
