import type { ObservedCall } from '../observed-call.js';
import type { AlertRule, RuleFinding } from './alert-rule.js';
import { CallRule, type CallRuleState } from './call-rule.js';
import { PeriodRule, type PeriodRuleState } from './period-rule.js';

/** All that a rule knows of a group, as plain values. */
export type RuleState = CallRuleState | PeriodRuleState;

/**
 * One named rule watching one group of calls, call by call. Memory is bounded by the rule's window.
 *
 * A call counts to the hour and day in which it began, however late it comes, and is judged where that is the
 * newest. Rules that look at the last calls take them in the order in which they come. A call from the future
 * (a clock that is wrong) is taken as if it were now; where our own clock was ahead and is set back, what it
 * took for later hours is forgotten.
 */
export class RuleMonitor {
  readonly #watch: CallRule | PeriodRule;

  /** @param group by which a rule with an amount for each group finds its own. */
  constructor(rule: AlertRule, group = '', state?: RuleState) {
    const isOfCalls =
      rule.rule === 'z_score' ||
      rule.rule === 'median' ||
      (rule.rule === 'fixed_cap' && rule.per === 'call');
    this.#watch = isOfCalls
      ? new CallRule(rule, group, state as CallRuleState | undefined)
      : new PeriodRule(rule, group, state as PeriodRuleState | undefined);
  }

  /**
   * Adds a call.
   *
   * @param judged false for history that is read in afterwards: it is learnt from and never fires.
   * @param now milliseconds since 1970; calls that say they began later are taken as of now.
   */
  observe(call: ObservedCall, judged = true, now = Infinity): RuleFinding[] {
    return this.#watch.observe(call, Math.min(call.at, now), judged, now);
  }

  /** Lets time pass: what is judged when its hour or day has ended is judged though no call came since. */
  tick(now: number): RuleFinding[] {
    return this.#watch.tick(now);
  }

  /** What a monitor that is made from it goes on with as if it had never been away. */
  toJSON(): RuleState {
    return this.#watch.toJSON();
  }
}
