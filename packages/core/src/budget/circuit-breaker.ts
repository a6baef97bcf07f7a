import type { BudgetAction } from './budget.js';

/** What a tripped breaker does, from mild to severe: it takes one step at a time. */
export type BreakerStep = Extract<BudgetAction, 'downgrade' | 'truncate' | 'throttle' | 'block'>;

export interface BreakerRule {
  name: string;
  /** Like a budget's: dimension → value, `*` for each of its own. */
  scope: Readonly<Record<string, string>>;
  /** More than this in the window trips it, in picodollars. */
  limit: bigint;
  windowMilliseconds: number;
  steps: readonly BreakerStep[];
  /** How long a step is kept before a milder one is tried. */
  coolDownMilliseconds: number;
  /** Calls that try the milder step before it is taken for all. */
  probes: number;
  downgrades: ReadonlyMap<string, string>;
}

export interface BreakerStatus {
  rule: string;
  key: string;
  state: 'closed' | 'tripped' | 'half_open';
  /** The step in force; null when closed. */
  step: BreakerStep | null;
  /** Why it tripped, as a sentence. */
  cause: string | null;
  /** Milliseconds since the epoch. */
  since: number | null;
  /** When a milder step is tried next. */
  until: number | null;
}

/** Everything that a breaker must not forget when its gateway starts anew. */
export interface BreakerMemory extends BreakerStatus {
  /** 0 is closed; n is the nth step. */
  level: number;
  /** How many times its cool-down it waits. */
  coolDowns: number;
  /** Until when somebody keeps it tripped, milliseconds since the epoch. */
  heldUntil: number | null;
}

/** Time is summed in so many parts of a window. */
const parts = 10;
/** A breaker that trips again and again waits longer, up to this many times its cool-down. */
const longestCoolDown = 8;

/**
 * Watches what a feature, agent or run spends, and degrades its calls step by step before it refuses
 * any: cheaper model, shorter context, throttled, blocked. After a cool-down some calls try the milder
 * step; if the pace holds, all take it. One breaker for each rule and scope; a pure state machine.
 */
export class CircuitBreaker {
  readonly rule: BreakerRule;
  readonly key: string;
  /** 0 is closed; n is the nth step. */
  #level = 0;
  #halfOpen = false;
  #probesLeft = 0;
  #probesRunning = 0;
  #coolDowns = 1;
  #since: number | null = null;
  #until: number | null = null;
  #cause: string | null = null;
  /** An alert keeps it tripped until then, whatever the pace. */
  #heldUntil = Number.NEGATIVE_INFINITY;
  /** Spending counts from here on: what tripped it must not trip it twice. */
  #countsFrom = Number.NEGATIVE_INFINITY;
  #spent: { part: number; amount: bigint }[] = [];

  constructor(rule: BreakerRule, key: string) {
    this.rule = rule;
    this.key = key;
  }

  /** What a call has to put up with now; asking may make it a probe, which `spent` ends. */
  advise(at: number): { step: BreakerStep | null; probe: boolean } {
    if (this.#level === 0) return { step: null, probe: false };
    if (!this.#halfOpen && at >= (this.#until ?? 0) && at >= this.#heldUntil) {
      this.#halfOpen = true;
      this.#probesLeft = this.rule.probes;
      this.#probesRunning = 0;
      this.#countsFrom = at;
    }
    // A probe that was refused elsewhere never reports: it must not keep the breaker half open for ever.
    const overdue = this.#countsFrom + this.rule.coolDownMilliseconds;
    if (this.#halfOpen && this.#probesLeft === 0 && at >= overdue) {
      this.#relax(at);
      return { step: this.#stepAt(this.#level), probe: false };
    }
    if (this.#halfOpen && this.#probesLeft > 0) {
      this.#probesLeft -= 1;
      this.#probesRunning += 1;
      return { step: this.#stepAt(this.#level - 1), probe: true };
    }
    return { step: this.#stepAt(this.#level), probe: false };
  }

  /** Counts what a call took, and trips when that is too much. */
  spent(amount: bigint, at: number, probe = false): void {
    const part = Math.floor((at * parts) / this.rule.windowMilliseconds);
    const last = this.#spent.at(-1);
    if (last?.part === part) last.amount += amount;
    else this.#spent.push({ part, amount });
    this.#spent = this.#spent.filter((known) => known.part > part - parts);
    if (probe && this.#halfOpen) this.#probesRunning -= 1;
    if (this.#inWindow() > this.rule.limit) {
      this.#trip(at, 'more was spent than the pace allows');
    } else if (this.#halfOpen && this.#probesLeft === 0 && this.#probesRunning <= 0) {
      this.#relax(at);
    }
  }

  /** Trips it from outside: an alert, a person. `until` keeps it tripped that long. */
  trip(cause: string, at: number, until?: number): void {
    if (until !== undefined) this.#heldUntil = until;
    this.#trip(at, cause);
  }

  reset(): void {
    this.#level = 0;
    this.#halfOpen = false;
    this.#coolDowns = 1;
    this.#since = this.#until = this.#cause = null;
    this.#heldUntil = Number.NEGATIVE_INFINITY;
    this.#spent = [];
  }

  status(): BreakerStatus {
    return {
      rule: this.rule.name,
      key: this.key,
      state: this.#level === 0 ? 'closed' : this.#halfOpen ? 'half_open' : 'tripped',
      step: this.#stepAt(this.#level),
      cause: this.#cause,
      since: this.#since,
      until: this.#until,
    };
  }

  memory(): BreakerMemory {
    const heldUntil = Number.isFinite(this.#heldUntil) ? this.#heldUntil : null;
    return { ...this.status(), level: this.#level, coolDowns: this.#coolDowns, heldUntil };
  }

  /**
   * Takes up where an earlier one of its rule and key was. Probes that were under way are lost, so one
   * that was half open begins with them again; the pace is counted from now on.
   */
  recall({ level, coolDowns, heldUntil, since, until, cause }: BreakerMemory): void {
    // The rule may have fewer steps by now.
    this.#level = Math.min(level, this.rule.steps.length);
    this.#coolDowns = coolDowns;
    this.#heldUntil = heldUntil ?? Number.NEGATIVE_INFINITY;
    this.#since = since;
    this.#until = until;
    this.#cause = cause;
  }

  #trip(at: number, cause: string): void {
    // Too fast while trying the milder step: back to the one before, for twice as long.
    if (this.#halfOpen) this.#coolDowns = Math.min(this.#coolDowns * 2, longestCoolDown);
    else this.#level = Math.min(this.#level + 1, this.rule.steps.length);
    this.#halfOpen = false;
    this.#cause = cause;
    this.#since ??= at;
    this.#until = at + this.rule.coolDownMilliseconds * this.#coolDowns;
    this.#countsFrom = at;
    this.#spent = [];
  }

  #relax(at: number): void {
    this.#level -= 1;
    this.#halfOpen = false;
    if (this.#level === 0) {
      this.#coolDowns = 1;
      this.#since = this.#until = this.#cause = null;
    } else this.#until = at + this.rule.coolDownMilliseconds * this.#coolDowns;
  }

  #inWindow(): bigint {
    const from = Math.floor((this.#countsFrom * parts) / this.rule.windowMilliseconds);
    return this.#spent.reduce((sum, { part, amount }) => (part >= from ? sum + amount : sum), 0n);
  }

  #stepAt(level: number): BreakerStep | null {
    return level === 0 ? null : (this.rule.steps[level - 1] ?? null);
  }
}
