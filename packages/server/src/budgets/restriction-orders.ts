import {
  FarthingError,
  restrictionProblem,
  type BreakerStep,
  type Restriction,
  type RestrictionsInForce,
  type StoppedRun,
} from '@farthing/core';
import type { WithoutRecord } from './changes.js';

/** What restricts calls beside budgets, as it holds now. */
export interface RestrictionList {
  /** In the order in which they were ordered. */
  restrictions: Restriction[];
  stopped_runs: StoppedRun[];
}

interface Order {
  /** Why, as a sentence that callers are told. */
  cause?: string | undefined;
  /** How long it holds, in seconds. Default: an hour. */
  seconds?: number | undefined;
  /** The incident that it is an action of. */
  incident?: string | undefined;
  /** For the record alone. */
  note?: string | undefined;
}

export interface RestrictionOrder extends Order {
  /** Dimension → value, like a budget's. Users may be named as callers name them. */
  scope: Readonly<Record<string, string>>;
  step: BreakerStep;
  /** For `downgrade`: models, the dearest first. */
  downgrade?: readonly string[] | undefined;
  /** For `throttle`: one call in so many passes. Default 4. */
  one_in?: number | undefined;
}

export type StopOrder = Order;

const hour = 3_600;
const longest = 31 * 24 * hour;

/** Throws `invalid_restriction`. */
export function restrictOrder(order: RestrictionOrder, now: number, by: string) {
  const { scope, step, downgrade, one_in: oneIn, ...rest } = order;
  const wanted = {
    scope: { ...scope },
    step,
    ...(downgrade === undefined ? {} : { downgrade: [...downgrade] }),
    ...(oneIn === undefined ? {} : { one_in: oneIn }),
  };
  const problem = restrictionProblem(wanted);
  if (problem !== null) throw new FarthingError('invalid_restriction', `${problem}.`);
  const change = { do: 'restrict', ...wanted, ...timed(rest, now, `restricted by ${by}`) } as const;
  return change satisfies WithoutRecord;
}

/** Throws `unknown_restriction`. */
export function liftOrder({ restrictions }: RestrictionsInForce, id: string, note?: string) {
  const found = restrictions.find((known) => known.id === id);
  if (found === undefined) {
    throw new FarthingError(
      'unknown_restriction',
      `No restriction ${id} is in force. farthing budgets restrictions lists them with their ids.`,
    );
  }
  return { do: 'lift', restriction: id, ...noted(note) } as const satisfies WithoutRecord;
}

/** Throws `invalid_restriction`. */
export function stopOrder(run: string, order: StopOrder, now: number, by: string) {
  if (run === '') throw new FarthingError('invalid_restriction', 'Name the run: its tag `run`.');
  const change = { do: 'stop_run', run, ...timed(order, now, `stopped by ${by}`) } as const;
  return change satisfies WithoutRecord;
}

/** @param names the run's id as it was given and as it is recorded. Throws `unknown_stopped_run`. */
export function releaseOrder(
  { stoppedRuns }: RestrictionsInForce,
  names: readonly string[],
  note?: string,
) {
  const run = names.find((name) => stoppedRuns.has(name));
  if (run === undefined) {
    throw new FarthingError(
      'unknown_stopped_run',
      `No run ${names[0]} is stopped. farthing budgets restrictions lists those that are.`,
    );
  }
  return { do: 'release_run', run, ...noted(note) } as const satisfies WithoutRecord;
}

export function restrictionsAt(inForce: RestrictionsInForce): RestrictionList {
  return {
    restrictions: [...inForce.restrictions],
    stopped_runs: [...inForce.stoppedRuns.values()],
  };
}

function timed({ cause, seconds = hour, incident, note }: Order, now: number, otherwise: string) {
  if (!(seconds >= 1 && seconds <= longest)) {
    throw new FarthingError(
      'invalid_restriction',
      'How long it holds must be from a second to 31 days.',
    );
  }
  return {
    cause: cause ?? otherwise,
    until: new Date(now + seconds * 1_000).toISOString(),
    ...(incident === undefined ? {} : { incident }),
    ...noted(note),
  };
}

function noted(note: string | undefined): { note?: string } {
  return note === undefined ? {} : { note };
}
