import { divideHalfEven, parseUsd, decimalFromNumber } from '../money.js';
import { didYouMean } from '../suggest.js';
import { isFields, type Fields } from '../usage/fields.js';
import { windowLength } from './budget-window.js';
import type { Budget } from './budget.js';
import type { BreakerRule, BreakerStep } from './circuit-breaker.js';
import { scopeDimensions, type BudgetProblem } from './read-budgets.js';

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
  if (!Array.isArray(value)) {
    return { rules: [], problems: [{ path: [], message: '`breakers` must be a list.' }] };
  }
  const problems: BudgetProblem[] = [];
  const names = new Set<string>();
  const rules = value.flatMap((item: unknown, index) => {
    const reader = new BreakerReader(item, index, budgets);
    const rule = reader.read();
    problems.push(...reader.problems);
    if (rule === null) return [];
    if (names.has(rule.name)) {
      const message = `two breakers are named "${rule.name}": give each its own name`;
      problems.push({ path: [index, 'name'], message });
    }
    names.add(rule.name);
    return [rule];
  });
  return { rules, problems };
}

class BreakerReader {
  readonly problems: BudgetProblem[] = [];
  readonly #fields: Fields;
  readonly #index: number;
  readonly #where: string;
  readonly #budgets: readonly Budget[];

  constructor(item: unknown, index: number, budgets: readonly Budget[]) {
    this.#fields = isFields(item) ? item : {};
    this.#index = index;
    this.#budgets = budgets;
    const name = this.#fields['name'];
    this.#where =
      typeof name === 'string' && name !== '' ? `breaker "${name}"` : `breakers[${index}]`;
    if (!isFields(item)) this.#problem('', 'must be an object with `name`, `limit` and `window`');
  }

  read(): BreakerRule | null {
    if (this.problems.length > 0) return null;
    for (const key of Object.keys(this.#fields)) {
      if (!keys.includes(key)) this.#problem(key, `is not known.${didYouMean(key, keys)}`);
    }
    const windowMilliseconds = this.#duration('window', '10m');
    const budget = this.#budget();
    const stepList = this.#steps();
    const rule: BreakerRule = {
      name: this.#name(),
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

  #name(): string {
    const name = this.#fields['name'];
    if (typeof name === 'string' && /^[\w][\w .:/-]{0,63}$/.test(name)) return name;
    this.#problem('name', 'must be 1 to 64 letters, digits, blanks and _ . : / -');
    return '';
  }

  #budget(): Budget | null {
    const name = this.#fields['budget'];
    if (name === undefined) return null;
    const budget = this.#budgets.find((known) => known.name === name);
    if (budget !== undefined) return budget;
    const known = this.#budgets.map((one) => one.name);
    this.#problem('budget', `names no budget.${didYouMean(String(name), known)}`);
    return null;
  }

  #scope(budget: Budget | null): Readonly<Record<string, string>> {
    const scope = this.#fields['scope'];
    if (scope === undefined) return budget?.scope ?? {};
    if (!isFields(scope)) {
      this.#problem('scope', 'must name dimensions, like { agent: "*" }');
      return {};
    }
    for (const [dimension, wanted] of Object.entries(scope)) {
      if (!scopeDimensions.includes(dimension) && !/^tag:.+/.test(dimension)) {
        const near = didYouMean(dimension, scopeDimensions);
        this.#problem(`scope.${dimension}`, `is no dimension.${near}`);
      } else if (typeof wanted !== 'string' || wanted === '') {
        this.#problem(`scope.${dimension}`, 'must be a value, or "*" for each of its own');
      }
    }
    return scope as Record<string, string>;
  }

  #limit(budget: Budget | null, windowMilliseconds: number): bigint {
    const { limit, pace } = this.#fields;
    if (pace === undefined) return this.#usd(limit);
    if (limit !== undefined) {
      this.#problem('pace', 'stands beside `limit`: state one of them');
    } else if (typeof pace !== 'number' || !(pace > 0) || pace > 1e6) {
      this.#problem(
        'pace',
        'must be a number above 0, like 3 for three times the pace of `budget`',
      );
    } else if (this.#fields['budget'] === undefined) {
      this.#problem('pace', 'needs `budget`: the budget whose pace it is');
    } else if (budget !== null) return this.#paced(budget, pace, windowMilliseconds);
    return 1n;
  }

  /** What the budget would spend in so much time, spread evenly, times `pace`. */
  #paced(budget: Budget, pace: number, windowMilliseconds: number): bigint {
    const length = windowLength(budget.window);
    if (budget.limits.usd === undefined || !Number.isFinite(length)) {
      this.#problem('pace', `needs a budget in USD with a window; "${budget.name}" has none`);
      return 1n;
    }
    const thousandths = BigInt(Math.round(pace * 1_000)) * BigInt(windowMilliseconds);
    const amount = divideHalfEven(budget.limits.usd * thousandths, BigInt(length) * 1_000n);
    return amount > 0n ? amount : 1n;
  }

  #usd(value: unknown): bigint {
    try {
      const amount = parseUsd(typeof value === 'number' ? decimalFromNumber(value) : String(value));
      if (amount > 0n) return amount;
    } catch {
      // Falls through to the message that names the field.
    }
    this.#problem('limit', 'must be an amount in USD above 0, or state `budget` and `pace`');
    return 1n;
  }

  #duration(field: 'window' | 'cool_down', fallback: string): number {
    const stated = this.#fields[field] ?? fallback;
    const [, count, unit] = /^(\d{1,6})(s|m|h|d)$/.exec(String(stated)) ?? [];
    const length = Number(count) * unitLengths[unit as keyof typeof unitLengths];
    if (length >= 1_000 && length <= 31 * unitLengths.d) return length;
    this.#problem(field, 'must be a duration from 1s to 31d, like 90s, 10m or 1h');
    return 1_000;
  }

  #steps(): BreakerStep[] {
    const stated = this.#fields['steps'] ?? ['block'];
    if (!Array.isArray(stated) || stated.length === 0) {
      this.#problem('steps', `must be a list of ${steps.join(', ')}, from mild to severe`);
      return [];
    }
    const read = stated.filter((step: unknown): step is BreakerStep => {
      if ((steps as readonly unknown[]).includes(step)) return true;
      const near = didYouMean(String(step), steps);
      this.#problem('steps', `has "${String(step)}", which is none.${near}`);
      return false;
    });
    const order = read.map((step) => steps.indexOf(step));
    if (order.some((place, index) => index > 0 && place <= order[index - 1]!)) {
      this.#problem('steps', `must go from mild to severe: ${steps.join(', ')}`);
    }
    return read;
  }

  #probes(): number {
    const probes = this.#fields['probes'] ?? 5;
    if (Number.isSafeInteger(probes) && (probes as number) >= 1) return probes as number;
    this.#problem('probes', 'must be a whole number of calls, at least 1');
    return 1;
  }

  #downgrades(stepList: readonly BreakerStep[], budget: Budget | null): Map<string, string> {
    const chain = this.#fields['downgrade'];
    const next = new Map<string, string>(chain === undefined ? (budget?.downgrades ?? []) : []);
    if (chain !== undefined) {
      if (
        !Array.isArray(chain) ||
        !chain.every((model) => typeof model === 'string' && model !== '')
      ) {
        this.#problem('downgrade', 'must be a list of models, the dearest first');
        return next;
      }
      if (new Set(chain).size < chain.length) {
        this.#problem('downgrade', 'goes round in a circle: name each model once');
      }
      chain.slice(1).forEach((model: string, index) => next.set(chain[index] as string, model));
    }
    if (stepList.includes('downgrade') && next.size === 0) {
      this.#problem('downgrade', 'must name at least two models, because `steps` has "downgrade"');
    }
    return next;
  }

  #problem(field: string, message: string): void {
    this.problems.push({
      path: [this.#index, ...(field === '' ? [] : field.split('.'))],
      message: `${this.#where}: ${field === '' ? '' : `\`${field}\` `}${message}`,
    });
  }
}
