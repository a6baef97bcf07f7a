import { describe, expect, test } from 'vitest';
import type { Amounts } from './budget.js';
import { Escrow, type AccountReference, type ExpiryPolicy } from './escrow.js';

/**
 * Exhaustive model check: every interleaving of a few calls over two levels, with repeated
 * reservations and settlements, lost calls, and holds that expire before their call settles.
 */
interface ModelCall {
  /** Which of the two features it belongs to; all belong to the organisation. */
  feature: 'a' | 'b';
  reserves: number;
  takes: number;
}

interface Setting {
  limits: { organisation: number; a: number; b: number };
  expiry: ExpiryPolicy;
  calls: ModelCall[];
  ticks: number;
}

type Step = { do: 'reserve' | 'settle' | 'lose'; call: number } | { do: 'tick' };

/** Where a call stands. `lost`: it ran, and its settlement never comes. */
type Phase = 'idle' | 'refused' | 'running' | 'settled' | 'lost';

const holdTicks = 2;
const tickMilliseconds = 1_000;
const amounts = (usd: number): Amounts => ({ usd: BigInt(usd), tokens: 0n, calls: 1n });

function account(name: string, limit: number): AccountReference {
  return {
    key: name,
    budget: name,
    measure: 'usd',
    window: { unit: 'total', rolling: false },
    limit: BigInt(limit),
    soft: BigInt(limit),
    enforced: true,
  };
}

/** Runs the steps on a real escrow and returns it with what a perfect observer knows. */
function replay({ limits, expiry, calls }: Setting, steps: readonly Step[]) {
  const escrow = new Escrow({ expiry, holdMilliseconds: holdTicks * tickMilliseconds });
  const accounts = {
    organisation: account('organisation', limits.organisation),
    a: account('a', limits.a),
    b: account('b', limits.b),
  };
  const phases: Phase[] = calls.map(() => 'idle');
  const reservedAt = calls.map(() => 0);
  let tick = 0;
  for (const step of steps) {
    if (step.do === 'tick') {
      tick += 1;
      escrow.expire(tick * tickMilliseconds);
      continue;
    }
    const call = calls[step.call]!;
    const id = `call-${step.call}`;
    if (step.do === 'lose') phases[step.call] = 'lost';
    else if (step.do === 'settle') {
      escrow.settle(id, amounts(call.takes));
      phases[step.call] = 'settled';
    } else {
      const result = escrow.reserve({
        id,
        accounts: [accounts.organisation, accounts[call.feature]],
        amounts: amounts(call.reserves),
        at: tick * tickMilliseconds,
      });
      if (phases[step.call] !== 'idle') continue;
      phases[step.call] = result.admitted ? 'running' : 'refused';
      reservedAt[step.call] = tick;
    }
  }
  return { escrow, accounts, phases, reservedAt, tick };
}

type Replayed = ReturnType<typeof replay>;

function violations({ limits, expiry, calls }: Setting, state: Replayed): string[] {
  const found: string[] = [];
  const at = state.tick * tickMilliseconds;
  for (const name of ['organisation', 'a', 'b'] as const) {
    const concerned = calls.flatMap((call, index) =>
      name === 'organisation' || call.feature === name ? [{ ...call, index }] : [],
    );
    const { committed, reserved } = state.escrow.balance(state.accounts[name], at);
    const live = concerned.filter(
      ({ index }) =>
        (state.phases[index] === 'running' || state.phases[index] === 'lost') &&
        state.tick < state.reservedAt[index]! + holdTicks,
    );
    const held = live.reduce((sum, { reserves }) => sum + reserves, 0);
    if (reserved !== BigInt(held)) found.push(`${name}: reserved ${reserved}, live holds ${held}`);
    const ran = concerned.filter(
      ({ index }) => state.phases[index] === 'settled' || state.phases[index] === 'lost',
    );
    const spent = ran.reduce((sum, { takes }) => sum + takes, 0);
    const beyond = ran.reduce((sum, { takes, reserves }) => sum + Math.max(0, takes - reserves), 0);
    if (expiry === 'hold' && spent > limits[name] + beyond) {
      found.push(`${name}: spent ${spent} of ${limits[name]}, holds fell short by ${beyond}`);
    }
    const settled = concerned.filter(({ index }) => state.phases[index] === 'settled');
    const quiet = concerned.every(({ index }) =>
      ['idle', 'refused', 'settled'].includes(state.phases[index]!),
    );
    const known = settled.reduce((sum, { takes }) => sum + takes, 0);
    if (quiet && (committed !== BigInt(known) || reserved !== 0n)) {
      found.push(`${name}: at rest ${committed} + ${reserved}, settled ${known}`);
    }
  }
  return found;
}

function explore(setting: Setting): { states: number; violations: string[]; refused: number } {
  const { calls, ticks } = setting;
  const seen = new Set<string>();
  const waiting: Step[][] = [[]];
  const found: string[] = [];
  let refused = 0;
  while (waiting.length > 0 && found.length === 0) {
    const steps = waiting.pop()!;
    const state = replay(setting, steps);
    const balances = Object.values(state.accounts).map((reference) => {
      const { committed, reserved } = state.escrow.balance(
        reference,
        state.tick * tickMilliseconds,
      );
      return `${committed}+${reserved}`;
    });
    // The time of a reservation matters only while its hold lives.
    const ages = state.reservedAt.map((since, index) =>
      state.phases[index] === 'running' || state.phases[index] === 'lost'
        ? Math.min(state.tick - since, holdTicks)
        : 0,
    );
    const key = JSON.stringify([state.phases, ages, balances, state.tick]);
    if (seen.has(key)) continue;
    seen.add(key);
    refused += state.phases.filter((phase) => phase === 'refused').length;
    found.push(...violations(setting, state));
    if (state.tick < ticks) waiting.push([...steps, { do: 'tick' }]);
    for (let call = 0; call < calls.length; call++) {
      const phase = state.phases[call];
      if (phase === 'idle') waiting.push([...steps, { do: 'reserve', call }]);
      if (phase === 'running') {
        // A repeated reservation changes nothing, so the state it leads to is this one: checked here.
        const again = replay(setting, [...steps, { do: 'reserve', call }]);
        expect(JSON.stringify(again.phases)).toBe(JSON.stringify(state.phases));
        waiting.push([...steps, { do: 'settle', call }], [...steps, { do: 'lose', call }]);
      }
      if (phase === 'settled') {
        const again = replay(setting, [...steps, { do: 'settle', call }]);
        found.push(...violations(setting, again));
      }
    }
  }
  return { states: seen.size, violations: found, refused };
}

const limits = { organisation: 10, a: 6, b: 7 };

describe('in every interleaving of calls, repetitions, losses and expiries', () => {
  test('nothing is overspent when no call takes more than it reserved', () => {
    const result = explore({
      limits,
      expiry: 'hold',
      ticks: 3,
      calls: [
        { feature: 'a', reserves: 3, takes: 1 },
        { feature: 'a', reserves: 3, takes: 3 },
        { feature: 'b', reserves: 4, takes: 4 },
        { feature: 'b', reserves: 4, takes: 2 },
      ],
    });
    expect(result.violations).toEqual([]);
    expect(result.states).toBeGreaterThan(1_000);
    expect(result.refused).toBeGreaterThan(0);
  });

  test('what is overspent is no more than what the holds fell short by', () => {
    const result = explore({
      limits,
      expiry: 'hold',
      ticks: 3,
      calls: [
        { feature: 'a', reserves: 2, takes: 3 },
        { feature: 'a', reserves: 2, takes: 5 },
        { feature: 'b', reserves: 3, takes: 4 },
        { feature: 'b', reserves: 3, takes: 3 },
      ],
    });
    expect(result.violations).toEqual([]);
  });

  test('accounts balance at rest, also where expired holds are given back', () => {
    const result = explore({
      limits,
      expiry: 'refund',
      ticks: 3,
      calls: [
        { feature: 'a', reserves: 3, takes: 2 },
        { feature: 'a', reserves: 4, takes: 4 },
        { feature: 'b', reserves: 4, takes: 4 },
      ],
    });
    expect(result.violations).toEqual([]);
  });
});
