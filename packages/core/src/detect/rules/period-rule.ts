import type { ObservedCall } from '../observed-call.js';
import type { AlertRule, RuleFinding, RuleMetric } from './alert-rule.js';
import { isAheadOfBudget, isOverCap } from './budget-rules.js';
import { amountFor, measure } from './metric.js';
import { PeriodSums, type Period, type PeriodSumsState } from './period-sums.js';
import { averageLimit } from './spread-rules.js';

const hour = 3_600_000;
const day = 24 * hour;

/** What is known of the last hours or days, and which one has been told. */
export interface PeriodRuleState extends PeriodSumsState {
  told: number | null;
  /** The one whose ratio is to be judged when it has ended, by calls that are judged. */
  open: number | null;
}

interface Height {
  index: number;
  limit: number;
  usual: number | null;
}

/**
 * A rule about what an hour or a day takes. A sum only grows: it is judged with every call, and told once,
 * as soon as it is beyond. A ratio goes up and down: it is judged when its hour or day has ended.
 */
export class PeriodRule {
  readonly #rule: AlertRule;
  readonly #metric: RuleMetric;
  readonly #length: number;
  readonly #amount: number | null;
  readonly #sums: PeriodSums;
  #told: number | null;
  #open: number | null;
  /** Of the newest period; worked out once. */
  #height: Height | null = null;

  constructor(rule: AlertRule, group: string, state?: PeriodRuleState) {
    this.#rule = rule;
    this.#metric = 'metric' in rule ? rule.metric : 'cost';
    const isHourly =
      rule.rule === 'hourly_average' ||
      rule.rule === 'pro_rata_hour' ||
      (rule.rule === 'fixed_cap' && rule.per === 'hour');
    this.#length = isHourly ? hour : day;
    this.#amount =
      rule.rule === 'fixed_cap'
        ? amountFor(rule.limit, group)
        : rule.rule === 'pro_rata_day' || rule.rule === 'pro_rata_hour'
          ? amountFor(rule.budget, group)
          : null;
    const most =
      rule.rule === 'hourly_average' ? rule.hours : rule.rule === 'moving_average' ? rule.days : 0;
    this.#sums = new PeriodSums(this.#length, most, state);
    this.#told = state?.told ?? null;
    this.#open = state?.open ?? null;
  }

  observe(call: ObservedCall, at: number, judged: boolean, now: number): RuleFinding[] {
    const measured = measure(this.#metric, call);
    if (measured === null) return [];
    if (this.#sums.forgetAfter(now)) this.#height = null;
    const found = this.tick(at);
    const isNewest = this.#sums.add(at, measured.amount, measured.over);
    if (!isNewest) this.#height = null;
    if (!judged || !isNewest) return found;
    if (this.#metric === 'output_per_input') this.#open = this.#sums.indexOf(at);
    else found.push(...this.#judge(this.#sums.newest!, at));
    return found;
  }

  tick(now: number): RuleFinding[] {
    const newest = this.#sums.newest;
    if (this.#open === null || newest === null || this.#sums.indexOf(now) <= this.#open) return [];
    const isJudged = newest.index === this.#open;
    this.#open = null;
    return isJudged ? this.#judge(newest, this.#sums.startOf(newest.index + 1)) : [];
  }

  toJSON(): PeriodRuleState {
    return { ...this.#sums.toJSON(), told: this.#told, open: this.#open };
  }

  #judge({ index, amount, over, calls }: Period, at: number): RuleFinding[] {
    if (this.#told === index) return [];
    const height = this.#heightOf(index);
    const value = this.#metric === 'output_per_input' ? amount / over : amount;
    const since = this.#sums.startOf(index);
    if (height === null || !this.#isBeyond(value, height.limit, (at - since) / this.#length)) {
      return [];
    }
    this.#told = index;
    const { limit, usual } = height;
    const factor = usual === null || usual === 0 ? null : value / usual;
    const { name: rule } = this.#rule;
    const metric = this.#metric;
    return [{ kind: 'rule', rule, metric, at, since, calls, value, limit, usual, factor }];
  }

  /** `elapsed`: share of the period that has passed. */
  #isBeyond(value: number, limit: number, elapsed: number): boolean {
    const rule = this.#rule;
    return rule.rule === 'pro_rata_day'
      ? isAheadOfBudget(value, this.#amount ?? 0, elapsed, rule)
      : isOverCap(value, limit);
  }

  #heightOf(index: number): Height | null {
    if (this.#height?.index !== index) this.#height = this.#newHeight(index);
    return this.#height;
  }

  /** Null where there is nothing to compare with. */
  #newHeight(index: number): Height | null {
    const rule = this.#rule;
    const amount = this.#amount;
    switch (rule.rule) {
      case 'fixed_cap':
        return amount === null ? null : { index, limit: amount, usual: null };
      case 'pro_rata_day':
        return amount === null ? null : { index, limit: rule.share * amount, usual: amount };
      case 'pro_rata_hour':
        return amount === null
          ? null
          : { index, limit: (amount / 24) * rule.times, usual: amount / 24 };
      case 'moving_average':
      case 'hourly_average': {
        const window = rule.rule === 'moving_average' ? rule.days : rule.hours;
        const before =
          this.#metric === 'output_per_input'
            ? this.#sums.ratiosBefore(index)
            : this.#sums.amountsBefore(index);
        const found = averageLimit(before, { window, sigmas: rule.sigmas, least: rule.least });
        return found === null ? null : { index, limit: found.limit, usual: found.mean };
      }
      default:
        return null;
    }
  }
}
