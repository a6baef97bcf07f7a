import { RecentMap } from '../detect/recent-map.js';
import { RuleMonitor, type AlertRule, type RuleFinding, type RuleState } from '../detect/index.js';
import { groupKey, type WatchedCall } from './watched-call.js';

/** A rule's monitors, by the value of what it groups by. */
export interface RuleWatchState {
  /** The rule as it was then: with other thresholds, what was learnt is no use. */
  rule: AlertRule;
  monitors: [value: string, state: RuleState][];
}

export interface RuleFound {
  finding: RuleFinding;
  key: string;
  group: Record<string, string>;
}

const mostGroups = 10_000;

/** One named rule over all groups of calls. */
export class RuleWatch {
  readonly rule: AlertRule;
  readonly #monitors = new RecentMap<RuleMonitor>(mostGroups);

  constructor(rule: AlertRule, state?: RuleWatchState) {
    this.rule = rule;
    if (state === undefined || JSON.stringify(state.rule) !== JSON.stringify(rule)) return;
    for (const [value, known] of state.monitors) {
      this.#monitors.set(value, new RuleMonitor(rule, value, known));
    }
  }

  toJSON(): RuleWatchState {
    return {
      rule: this.rule,
      monitors: this.#monitors.entries().map(([value, monitor]) => [value, monitor.toJSON()]),
    };
  }

  observe(call: WatchedCall, judged: boolean, now: number): RuleFound[] {
    if (call.observed.sized === false) return [];
    const value = call.valueOf(this.rule.by);
    if (value === null) return [];
    let monitor = this.#monitors.use(value);
    if (monitor === undefined) {
      this.#monitors.set(value, (monitor = new RuleMonitor(this.rule, value)));
    }
    return this.#found(monitor.observe(call.observed, judged, now), value);
  }

  tick(now: number): RuleFound[] {
    const found: RuleFound[] = [];
    for (const [value, monitor] of this.#monitors.entries()) {
      const findings = monitor.tick(now);
      if (findings.length > 0) found.push(...this.#found(findings, value));
    }
    return found;
  }

  #found(findings: readonly RuleFinding[], value: string): RuleFound[] {
    if (findings.length === 0) return [];
    const group: Record<string, string> = this.rule.by === 'all' ? {} : { [this.rule.by]: value };
    return findings.map((finding) => ({ finding, key: groupKey(group), group }));
  }
}
