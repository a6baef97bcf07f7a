import { isOfScope, type BudgetSubject } from '../budget/budget-accounts.js';
import type { BreakerStep } from '../budget/circuit-breaker.js';
import { didYouMean } from '../suggest.js';
import type { Tags } from '../tags.js';
import type { BudgetChange } from './budget-change.js';

/** Who wants something of calls, why, and how long. Times are ISO 8601. */
interface Order {
  /** The id of the change that it was made by. */
  id: string;
  cause: string;
  since: string;
  until: string;
  by: string;
  note: string | null;
  /** The incident that it is an action of. */
  incident: string | null;
}

/** What calls of a scope have to put up with for a time. The same shape stands in the API. */
export interface Restriction extends Order {
  /** Dimension → value; `*` for any. None: all calls. */
  scope: Record<string, string>;
  step: BreakerStep;
  /** Of `downgrade`: models, the dearest first. */
  downgrade: string[];
  /** Of `throttle`: the first of so many calls passes, the others are refused; null for other steps. */
  one_in: number | null;
}

/** A run whose calls are refused for a time. */
export interface StoppedRun extends Order {
  /** The tag `run` of its calls, or their `session` where they have no run. */
  run: string;
}

/** What people and incidents ordered beside budgets, as it holds at a time. */
export interface RestrictionsInForce {
  restrictions: readonly Restriction[];
  stoppedRuns: ReadonlyMap<string, StoppedRun>;
}

/** The run that a call belongs to; undefined where its tags name none. */
export function runOf({ run, session }: Tags): string | undefined {
  return run ?? session;
}

export const restrictionSteps: readonly BreakerStep[] = [
  'downgrade',
  'truncate',
  'throttle',
  'block',
];
/** Of a throttle that does not say how many. */
export const usuallyOneIn = 4;

/** What holds at a time (milliseconds since the epoch) of all that was ever ordered. */
export function composeRestrictions(
  changes: readonly BudgetChange[],
  at: number,
): RestrictionsInForce & { problems: string[]; nextChangeAt: number } {
  const restrictions = new Map<string, Restriction>();
  const stoppedRuns = new Map<string, StoppedRun>();
  const problems: string[] = [];
  let nextChangeAt = Number.POSITIVE_INFINITY;
  const isInForce = ({ until }: Order): boolean => {
    const end = Date.parse(until);
    if (!(at < end)) return false;
    nextChangeAt = Math.min(nextChangeAt, end);
    return true;
  };
  for (const change of changes) {
    switch (change.do) {
      case 'restrict': {
        const problem = restrictionProblem(change);
        if (problem !== null) problems.push(`restriction ${change.id}: ${problem}`);
        else restrictions.set(change.id, restrictionOf(change));
        break;
      }
      case 'lift':
        restrictions.delete(change.restriction);
        break;
      case 'stop_run':
        stoppedRuns.set(change.run, { ...orderOf(change), run: change.run });
        break;
      case 'release_run':
        stoppedRuns.delete(change.run);
        break;
      default:
    }
  }
  const inForce: RestrictionsInForce = {
    restrictions: [...restrictions.values()].filter(isInForce),
    stoppedRuns: new Map([...stoppedRuns].filter(([, stopped]) => isInForce(stopped))),
  };
  return { ...inForce, problems, nextChangeAt };
}

/** What is wrong with a restriction, as a sentence; null where nothing is. */
export function restrictionProblem(
  wanted: Pick<Extract<BudgetChange, { do: 'restrict' }>, 'scope' | 'step'> & {
    downgrade?: readonly string[];
    one_in?: number;
  },
): string | null {
  const { scope, step, downgrade = [], one_in: oneIn } = wanted;
  if (!restrictionSteps.includes(step)) {
    return `\`step\` must be one of ${restrictionSteps.join(', ')}.${didYouMean(String(step), restrictionSteps)}`;
  }
  const values = Object.values((scope as unknown) ?? {});
  if (typeof scope !== 'object' || !values.every((value) => typeof value === 'string')) {
    return '`scope` must name dimensions with their values, like { feature: "search" }';
  }
  if (
    step === 'downgrade' &&
    (downgrade.length < 2 || new Set(downgrade).size < downgrade.length)
  ) {
    return '`downgrade` must name at least two models, the dearest first, each once';
  }
  if (oneIn !== undefined && !(Number.isSafeInteger(oneIn) && oneIn >= 2 && oneIn <= 1_000_000)) {
    return '`one_in` must be a whole number from 2: one call in so many passes';
  }
  return null;
}

function restrictionOf(change: Extract<BudgetChange, { do: 'restrict' }>): Restriction {
  const { scope, step, downgrade = [], one_in: oneIn = usuallyOneIn } = change;
  return {
    ...orderOf(change),
    scope,
    step,
    downgrade,
    one_in: step === 'throttle' ? oneIn : null,
  };
}

function orderOf(change: Extract<BudgetChange, { do: 'restrict' | 'stop_run' }>): Order {
  const { id, cause, recorded_at: since, until, recorded_by: by, note, incident } = change;
  return { id, cause, since, until, by, note: note ?? null, incident: incident ?? null };
}

/** Restrictions as the calls of one process meet them: it counts what a throttle lets pass. */
export class Restrictions {
  #inForce: RestrictionsInForce = noRestrictions;
  /** Calls that met a throttle, by its id. */
  #met = new Map<string, number>();

  /** Takes up what holds now. Throttles that go on go on counting. */
  follow(inForce: RestrictionsInForce): void {
    this.#inForce = inForce;
    if (this.#met.size === 0) return;
    const ids = new Set(inForce.restrictions.map(({ id }) => id));
    this.#met = new Map([...this.#met].filter(([id]) => ids.has(id)));
  }

  get isEmpty(): boolean {
    const { restrictions, stoppedRuns } = this.#inForce;
    return restrictions.length === 0 && stoppedRuns.size === 0;
  }

  /** The order by which the call's run is stopped; undefined where it is not. */
  stopped(tags: Tags): StoppedRun | undefined {
    const { stoppedRuns } = this.#inForce;
    const run = stoppedRuns.size === 0 ? undefined : runOf(tags);
    return run === undefined ? undefined : stoppedRuns.get(run);
  }

  /** What holds for the call, in the order in which it was ordered. A throttle that lets it pass is left out. */
  of(subject: BudgetSubject): Restriction[] {
    return this.#inForce.restrictions.filter(
      (restriction) => isOfScope(restriction.scope, subject) && !this.#lets(restriction),
    );
  }

  #lets({ id, one_in: oneIn }: Restriction): boolean {
    if (oneIn === null) return false;
    const met = this.#met.get(id) ?? 0;
    this.#met.set(id, met + 1);
    return met % oneIn === 0;
  }
}

const noRestrictions: RestrictionsInForce = { restrictions: [], stoppedRuns: new Map() };
