import type { ObservedCall } from '../observed-call.js';
import type { AlertRule, RuleFinding } from './alert-rule.js';
import { isOverCap } from './budget-rules.js';
import { amountFor, measure } from './metric.js';
import { RecentValues } from './recent-values.js';
import { isOverMedian } from './spread-rules.js';
import { zScore } from './z-score-rule.js';

/** The last values, oldest first. */
export interface CallRuleState {
  recent: number[];
}

interface Verdict {
  limit: number;
  usual: number | null;
}

/** A rule that judges each call by itself or by the calls before it. */
export class CallRule {
  readonly #rule: AlertRule;
  readonly #cap: number | null;
  readonly #recent: RecentValues;

  constructor(rule: AlertRule, group: string, state?: CallRuleState) {
    this.#rule = rule;
    this.#cap = rule.rule === 'fixed_cap' ? amountFor(rule.limit, group) : null;
    const window = rule.rule === 'z_score' || rule.rule === 'median' ? rule.window : 0;
    this.#recent = new RecentValues(window, rule.rule === 'median', state?.recent);
  }

  observe(call: ObservedCall, at: number, judged: boolean): RuleFinding[] {
    const metric = 'metric' in this.#rule ? this.#rule.metric : 'cost';
    const measured = measure(metric, call);
    if (measured === null) return [];
    const value = measured.amount / measured.over;
    const verdict = this.#judge(value);
    if (verdict === null || !judged) return [];
    const { limit, usual } = verdict;
    const factor = usual === null || usual === 0 ? null : value / usual;
    const { name } = this.#rule;
    return [
      { kind: 'rule', rule: name, metric, at, since: at, calls: 1, value, limit, usual, factor },
    ];
  }

  tick(): RuleFinding[] {
    return [];
  }

  toJSON(): CallRuleState {
    return { recent: this.#recent.values };
  }

  /** Null where it does not fire. The value becomes one of the last. */
  #judge(value: number): Verdict | null {
    const rule = this.#rule;
    if (rule.rule === 'z_score') {
      this.#recent.add(value);
      const score = zScore(this.#recent.values, rule);
      if (score === null || !score.fires) return null;
      const { mean, deviation, z } = score;
      return { limit: mean + Math.sign(z) * rule.threshold * deviation, usual: mean };
    }
    if (rule.rule === 'median') {
      const median = this.#recent.count < rule.least ? 0 : this.#recent.median();
      this.#recent.add(value);
      return isOverMedian(value, median, rule.factor)
        ? { limit: rule.factor * median, usual: median }
        : null;
    }
    return this.#cap !== null && isOverCap(value, this.#cap)
      ? { limit: this.#cap, usual: null }
      : null;
  }
}
