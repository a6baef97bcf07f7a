import { BudgetAccounts, type BudgetSubject } from '../budget/budget-accounts.js';
import {
  CircuitBreaker,
  type BreakerMemory,
  type BreakerRule,
  type BreakerStatus,
  type BreakerStep,
} from '../budget/circuit-breaker.js';
import type { BudgetChange } from './budget-change.js';

/** A breaker that has something to say to a call, or will hear what it took. */
export interface BreakerAdvice {
  breaker: CircuitBreaker;
  step: BreakerStep | null;
  probe: boolean;
}

/** What breakers know when their gateway ends. */
export interface BreakersMemory {
  breakers: readonly BreakerMemory[];
  /** Orders of people, by id: they are not carried out twice. */
  carriedOut: readonly string[];
}

/** Breakers of users and runs are many: those that have nothing to remember go first. */
const mostBreakers = 20_000;

/** All circuit breakers of one gateway, one for each rule and scope. */
export class Breakers {
  readonly #rules: readonly BreakerRule[];
  readonly #breakers = new Map<string, CircuitBreaker>();
  readonly #scopes: readonly BudgetAccounts[];
  /** Orders of people that were carried out, by id. */
  readonly #carriedOut = new Set<string>();

  constructor(rules: readonly BreakerRule[]) {
    this.#rules = rules;
    // A breaker's scope is a budget's: the same matching, the same keys.
    this.#scopes = rules.map(({ name, scope, limit }) => {
      return new BudgetAccounts([
        {
          name,
          scope,
          window: { unit: 'total', rolling: false },
          limits: { usd: limit },
          softShare: 1,
          call: {},
          actions: ['block'],
          downgrades: new Map(),
          hold: 'expected',
          leastOutput: 1,
          unavailable: { mode: 'open' },
          paused: false,
        },
      ]);
    });
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** What each breaker of the call says. Asking may make the call a probe. */
  advise(subject: BudgetSubject, at: number): BreakerAdvice[] {
    const advice: BreakerAdvice[] = [];
    this.#rules.forEach((rule, index) => {
      const key = this.#scopes[index]!.claims(subject)[0]?.accounts[0]?.key;
      if (key === undefined) return;
      const breaker = this.#breaker(rule, key);
      advice.push({ breaker, ...breaker.advise(at) });
    });
    return advice;
  }

  /** Carries out what people ordered: trips and resets that are not carried out yet. */
  follow(changes: readonly BudgetChange[], at: number): void {
    for (const change of changes) {
      if (change.do !== 'trip' && change.do !== 'reset') continue;
      if (this.#carriedOut.has(change.id)) continue;
      this.#carriedOut.add(change.id);
      for (const breaker of this.#meant(change.breaker, change.key)) {
        if (change.do === 'reset') breaker.reset();
        else if (Date.parse(change.until) > at) {
          breaker.trip(change.cause, at, Date.parse(change.until));
        }
      }
    }
  }

  /** What is not to be forgotten. */
  memory(): BreakersMemory {
    const all = [...this.#breakers.values()].map((breaker) => breaker.memory());
    return {
      breakers: all.filter(({ state }) => state !== 'closed'),
      carriedOut: [...this.#carriedOut],
    };
  }

  /** Takes up what a predecessor knew; before the first call, and before `follow`. */
  recall({ breakers, carriedOut }: BreakersMemory): void {
    for (const id of carriedOut) this.#carriedOut.add(id);
    for (const known of breakers) {
      const rule = this.#rules.find(({ name }) => name === known.rule);
      if (rule !== undefined) this.#breaker(rule, known.key).recall(known);
    }
  }

  /** Those that are tripped, or half open. */
  statuses(): BreakerStatus[] {
    return [...this.#breakers.values()]
      .map((breaker) => breaker.status())
      .filter(({ state }) => state !== 'closed');
  }

  #meant(name: string, key: string | undefined): CircuitBreaker[] {
    if (key === undefined) {
      const all = [...this.#breakers.values()].filter(({ rule }) => rule.name === name);
      if (all.length > 0) return all;
    }
    const rule = this.#rules.find((known) => known.name === name);
    // One that has not seen a call yet can be named where its scope has one value only.
    const index = rule === undefined ? -1 : this.#rules.indexOf(rule);
    const only = key ?? (index < 0 ? undefined : onlyKey(rule!));
    return rule === undefined || only === undefined ? [] : [this.#breaker(rule, only)];
  }

  #breaker(rule: BreakerRule, key: string): CircuitBreaker {
    let breaker = this.#breakers.get(key);
    if (breaker === undefined) {
      breaker = new CircuitBreaker(rule, key);
      if (this.#breakers.size >= mostBreakers) this.#forget();
      this.#breakers.set(key, breaker);
    }
    return breaker;
  }

  #forget(): void {
    for (const [key, breaker] of this.#breakers) {
      if (breaker.status().state === 'closed') this.#breakers.delete(key);
      if (this.#breakers.size < mostBreakers / 2) return;
    }
  }
}

/** The key of a rule whose scope has no `*`, as the matching makes it. */
function onlyKey({ name, scope }: BreakerRule): string | undefined {
  if (Object.values(scope).includes('*')) return undefined;
  const pairs = Object.entries(scope).map(([dimension, value]) => `${dimension}=${value}`);
  return [name, ...pairs, 'total', 'usd'].join('\u001f');
}
