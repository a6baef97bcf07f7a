import { divideHalfEven } from '../money.js';
import { didYouMean } from '../suggest.js';
import { windowLength } from './budget-window.js';
import type { Budget } from './budget.js';
import type { BreakerRule, BreakerStep } from './circuit-breaker.js';
import {
  DefinitionReader,
  examineList,
  positiveUsd,
  type BudgetProblem,
} from './definition-reader.js';

const steps: readonly BreakerStep[] = ['downgrade', 'truncate', 'throttle', 'block'];
const keys = [
  'name',
  'scope',
  'limit',
  'budget',
  'pace',
  'window',
  'steps',
  'cool_down',
  'probes',
  'downgrade',
];
const unitLengths = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Reads circuit breakers as they stand in farthing.yaml (the shape: docs/budgets.md). A breaker trips
 * above `limit` USD in `window`, or above `pace` times what its `budget` allows for so much time.
 */
export function examineBreakers(
  value: unknown,
  budgets: readonly Budget[],
): { rules: BreakerRule[]; problems: BudgetProblem[] } {
  const { definitions, problems } = examineList(
    value,
    'breaker',
    (item, index) => new BreakerReader(item, index, budgets),
  );
  return { rules: definitions, problems };
}

class BreakerReader extends DefinitionReader<BreakerRule> {
  readonly #budgets: readonly Budget[];

  constructor(item: unknown, index: number, budgets: readonly Budget[]) {
    super(item, index, 'breaker');
    this.#budgets = budgets;
  }

  read(): BreakerRule | null {
    if (this.problems.length > 0) return null;
    this.refuseUnknown(keys);
    const windowMilliseconds = this.#duration('window', '10m');
    const budget = this.#budget();
    const stepList = this.#steps();
    const rule: BreakerRule = {
      name: this.name(),
      scope: this.#scope(budget),
      limit: this.#limit(budget, windowMilliseconds),
      windowMilliseconds,
      steps: stepList,
      coolDownMilliseconds: this.#duration('cool_down', '5m'),
      probes: this.#probes(),
      downgrades: this.#downgrades(stepList, budget),
    };
    return this.problems.length > 0 ? null : rule;
  }

  #budget(): Budget | null {
    const name = this.fields['budget'];
    if (name === undefined) return null;
    const budget = this.#budgets.find((known) => known.name === name);
    if (budget !== undefined) return budget;
    const known = this.#budgets.map((one) => one.name);
    this.problem('budget', `names no budget.${didYouMean(String(name), known)}`);
    return null;
  }

  #scope(budget: Budget | null): Readonly<Record<string, string>> {
    const scope = this.fields['scope'];
    if (scope === undefined) return budget?.scope ?? {};
    return this.scope(scope, '{ agent: "*" }');
  }

  #limit(budget: Budget | null, windowMilliseconds: number): bigint {
    const { limit, pace } = this.fields;
    if (pace === undefined) return this.#usd(limit);
    if (limit !== undefined) {
      this.problem('pace', 'stands beside `limit`: state one of them');
    } else if (typeof pace !== 'number' || !(pace > 0) || pace > 1e6) {
      this.problem('pace', 'must be a number above 0, like 3 for three times the pace of `budget`');
    } else if (this.fields['budget'] === undefined) {
      this.problem('pace', 'needs `budget`: the budget whose pace it is');
    } else if (budget !== null) return this.#paced(budget, pace, windowMilliseconds);
    return 1n;
  }

  /** What the budget would spend in so much time, spread evenly, times `pace`. */
  #paced(budget: Budget, pace: number, windowMilliseconds: number): bigint {
    const length = windowLength(budget.window);
    if (budget.limits.usd === undefined || !Number.isFinite(length)) {
      this.problem('pace', `needs a budget in USD with a window; "${budget.name}" has none`);
      return 1n;
    }
    const thousandths = BigInt(Math.round(pace * 1_000)) * BigInt(windowMilliseconds);
    const amount = divideHalfEven(budget.limits.usd * thousandths, BigInt(length) * 1_000n);
    return amount > 0n ? amount : 1n;
  }

  #usd(value: unknown): bigint {
    const amount = positiveUsd(value);
    if (amount !== undefined) return amount;
    this.problem('limit', 'must be an amount in USD above 0, or state `budget` and `pace`');
    return 1n;
  }

  #duration(field: 'window' | 'cool_down', fallback: string): number {
    const stated = this.fields[field] ?? fallback;
    const [, count, unit] = /^(\d{1,6})(s|m|h|d)$/.exec(String(stated)) ?? [];
    const length = Number(count) * unitLengths[unit as keyof typeof unitLengths];
    if (length >= 1_000 && length <= 31 * unitLengths.d) return length;
    this.problem(field, 'must be a duration from 1s to 31d, like 90s, 10m or 1h');
    return 1_000;
  }

  #steps(): BreakerStep[] {
    const stated = this.fields['steps'] ?? ['block'];
    if (!Array.isArray(stated) || stated.length === 0) {
      this.problem('steps', `must be a list of ${steps.join(', ')}, from mild to severe`);
      return [];
    }
    const read = stated.filter((step: unknown): step is BreakerStep => {
      if ((steps as readonly unknown[]).includes(step)) return true;
      const near = didYouMean(String(step), steps);
      this.problem('steps', `has "${String(step)}", which is none.${near}`);
      return false;
    });
    const order = read.map((step) => steps.indexOf(step));
    if (order.some((place, index) => index > 0 && place <= order[index - 1]!)) {
      this.problem('steps', `must go from mild to severe: ${steps.join(', ')}`);
    }
    return read;
  }

  #probes(): number {
    const probes = this.fields['probes'] ?? 5;
    if (Number.isSafeInteger(probes) && (probes as number) >= 1) return probes as number;
    this.problem('probes', 'must be a whole number of calls, at least 1');
    return 1;
  }

  #downgrades(stepList: readonly BreakerStep[], budget: Budget | null): Map<string, string> {
    const chain = this.fields['downgrade'];
    const next =
      chain === undefined
        ? new Map(budget?.downgrades)
        : this.chain(chain, 'goes round in a circle: name each model once');
    if (next === null) return new Map();
    if (stepList.includes('downgrade') && next.size === 0) {
      this.problem('downgrade', 'must name at least two models, because `steps` has "downgrade"');
    }
    return next;
  }
}
