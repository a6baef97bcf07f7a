import {
  admit,
  BudgetAccounts,
  type AccountReference,
  type Admission as CoreAdmission,
  type Amounts,
  type Budget,
  type BudgetLedger,
  type CallShape,
  type CallToAdmit,
  type Decision,
  type Entry,
  type Estimator,
} from '@farthing/core';
import type { Acknowledgements } from './acknowledgements.js';
import type { BreakerAdvice, Breakers } from './breakers.js';
import { attemptOf, type Admission, type ShapedAttempt } from './admission.js';
import type { ComposedBudgets } from './compose-budgets.js';
import type { DecisionLog } from './decision-log.js';
import { heedBreakers, type Heeded } from './heed-breakers.js';
import type { LiveDefinitions } from './live-definitions.js';
import type { MemoryBalances } from './memory-balances.js';
import { takenAmounts } from './taken-amounts.js';

export type { Admission } from './admission.js';

/** What the gateway asks about every call. */
export interface Admissions {
  /**
   * Decides before the call leaves; at once (no promise) where it can. Also when there are no budgets:
   * then only the estimate is made.
   */
  admit(call: CallToAdmit): Admission | Promise<Admission>;
  /** After the call: settles at what the entry says, teaches the estimator, counts for breakers. Never throws. */
  ended(entry: Entry, call: CallToAdmit, admission: Admission): void;
  close(): Promise<void>;
}

export interface AdmissionParts {
  definitions: LiveDefinitions;
  ledger: BudgetLedger;
  /** Balances of this process; null where they are shared through Redis. */
  memory: MemoryBalances | null;
  estimator: Estimator;
  breakers: Breakers;
  decisions: DecisionLog;
  acknowledgements: Acknowledgements;
  onProblem: (problem: Error) => void;
}

/** Accounts of one gateway whose balances are shown, where they stand in Redis. */
const mostSeen = 20_000;

/** Decides about calls, on whatever ledger it is given. */
export class Decider {
  readonly #parts: AdmissionParts;
  readonly #seen = new Map<string, AccountReference>();
  #composed: ComposedBudgets | null = null;
  #budgets: readonly Budget[] = [];
  #accounts = new BudgetAccounts([]);
  #learned = false;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  admit(call: CallToAdmit): Admission | Promise<Admission> {
    this.follow(call.at);
    const { breakers } = this.#parts;
    if (this.#budgets.length === 0 && breakers.isEmpty) return this.#pass(call.shape);
    const { tags, shape, key } = call;
    const subject = { tags, provider: shape.provider, model: shape.model, key };
    const advice = breakers.isEmpty ? [] : breakers.advise(subject, call.at);
    const heeded = heedBreakers(advice, call);
    if (heeded.refusal !== null) return this.#refusedByBreaker(call, heeded, advice);
    if (this.#budgets.length === 0) return this.#passAs(call, heeded, advice);
    return this.#ask(call, heeded, advice);
  }

  ended(entry: Entry, call: CallToAdmit, admission: Admission): void {
    try {
      const { ledger, memory, estimator } = this.#parts;
      const taken = takenAmounts(entry, admission.held);
      if (admission.outcome === 'refused') return;
      if (admission.held !== null) void ledger.settle(call.id, taken);
      memory?.ended(entry, call.at, admission.version);
      const { shape, estimate, breakers } = admission;
      const endedAt = call.at + entry.duration_ms;
      for (const { breaker, probe } of breakers) breaker.spent(taken.usd, endedAt, probe);
      if (entry.usage === null || call.estimable === false) return;
      estimator.learn(shape, entry.usage, estimate.output);
      this.#learned = true;
    } catch (error) {
      this.#parts.onProblem(error as Error);
    }
  }

  /** Whether something was learned since the last time this was asked. */
  takeLearned(): boolean {
    const learned = this.#learned;
    this.#learned = false;
    return learned;
  }

  /** Accounts that calls were of lately, by key. */
  get seen(): ReadonlyMap<string, AccountReference> {
    return this.#seen;
  }

  /** Takes up the budgets that hold now, and with them the balances. */
  follow(at: number): void {
    const composed = this.#parts.definitions.at(at);
    if (composed === this.#composed) return;
    this.#composed = composed;
    this.#budgets = composed.defined.map(({ budget }) => budget);
    this.#accounts = new BudgetAccounts(this.#budgets);
    this.#seen.clear();
    this.#parts.memory?.redefine(this.#budgets).catch(this.#parts.onProblem);
  }

  #pass(shape: CallShape): Admission {
    return {
      outcome: 'admitted',
      shape,
      estimate: this.#parts.estimator.estimate(shape),
      warnings: [],
      decision: null,
      held: null,
      version: this.#parts.memory?.version ?? 0,
      breakers: [],
    };
  }

  #passAs(
    call: CallToAdmit,
    { shape, steps }: Heeded,
    breakers: readonly BreakerAdvice[],
  ): Admission {
    const passed = { ...this.#pass(shape), breakers };
    if (steps.length === 0) return passed;
    const decision = { ...emptyDecision(call), model: shape.model, steps };
    this.#record(call, decision);
    return { ...passed, decision };
  }

  #refusedByBreaker(
    call: CallToAdmit,
    { shape, steps, refusal }: Heeded,
    breakers: readonly BreakerAdvice[],
  ): Admission {
    const decision: Decision = {
      ...emptyDecision(call),
      outcome: 'refused',
      steps,
      refusal: refusal!,
    };
    this.#record(call, decision);
    const passed = this.#pass(shape);
    return { ...passed, outcome: 'refused', refusal: refusal!, decision, breakers };
  }

  #ask(
    call: CallToAdmit,
    heeded: Heeded,
    breakers: readonly BreakerAdvice[],
  ): Admission | Promise<Admission> {
    const { estimator, ledger, memory } = this.#parts;
    const version = memory?.version ?? 0;
    const { estimable = true } = call;
    const attempt = (shape: CallShape | null | undefined): ShapedAttempt | null =>
      shape == null ? null : attemptOf(shape, estimator.estimate(shape), estimable);
    const { acknowledgements, onProblem } = this.#parts;
    const overruling = new Overruling(call, acknowledgements, onProblem);
    const answer = admit(ledger, {
      id: call.id,
      at: call.at,
      attempt: attempt(heeded.shape)!,
      claims: ({ model }) => this.#claims(call, model),
      onModel: (model) => attempt(call.onModel?.(model)),
      truncatedTo: (inputTokens, before) => {
        const { shape } = before as ShapedAttempt;
        const share = 1 - inputTokens / before.demand.inputTokens;
        return attempt(call.truncated?.(Math.ceil(shape.textBytes * share), shape));
      },
      acknowledged: ({ name }) => overruling.covers(name),
    });
    const finish = (admission: CoreAdmission) =>
      this.#finish(call, admission, heeded, overruling, breakers, version);
    return answer instanceof Promise ? answer.then(finish) : finish(answer);
  }

  #finish(
    call: CallToAdmit,
    { decision, attempt, hold }: CoreAdmission,
    heeded: Heeded,
    overruling: Overruling,
    breakers: readonly BreakerAdvice[],
    version: number,
  ): Admission {
    const { shape, estimate, expectedCost } = attempt as ShapedAttempt;
    const { outcome, warnings } = decision;
    if (heeded.steps.length > 0) decision.steps.unshift(...heeded.steps);
    const { refusal } = decision;
    if (refusal !== undefined) overruling.end(refusal);
    if (isNotable(decision, heeded)) this.#record(call, decision);
    if (outcome === 'admitted') this.#parts.memory?.touch();
    const held: Amounts = {
      usd: expectedCost === null ? 0n : hold.usd,
      tokens: hold.tokens,
      calls: 1n,
    };
    return {
      outcome,
      shape,
      estimate,
      ...(hold.maxOutput === undefined ? {} : { maxOutput: hold.maxOutput }),
      warnings,
      ...(refusal === undefined ? {} : { refusal: overruling.withToken(refusal) }),
      decision,
      held: outcome === 'admitted' ? held : null,
      version,
      breakers,
    };
  }

  #claims({ tags, shape, key }: CallToAdmit, model: string) {
    const claims = this.#accounts.claims({ tags, provider: shape.provider, model, key });
    if (this.#parts.memory === null && this.#seen.size < mostSeen) {
      for (const { accounts } of claims) {
        for (const account of accounts) this.#seen.set(account.key, account);
      }
    }
    return claims;
  }

  #record({ shape, tags, at }: CallToAdmit, decision: Decision): void {
    this.#parts.decisions.add(
      { ...decision, provider: shape.provider, model_requested: shape.model, tags },
      at,
    );
  }
}

/** What a person confirmed for one call, and what may be confirmed next. */
class Overruling {
  readonly #call: CallToAdmit;
  readonly #acknowledgements: Acknowledgements;
  readonly #onProblem: (problem: Error) => void;
  #asked = false;
  #budgets: readonly string[] = [];
  #giveBack: (() => void) | null = null;
  #objection: string | null = null;

  constructor(
    call: CallToAdmit,
    acknowledgements: Acknowledgements,
    onProblem: (problem: Error) => void,
  ) {
    this.#call = call;
    this.#acknowledgements = acknowledgements;
    this.#onProblem = onProblem;
  }

  covers(budget: string): boolean {
    if (!this.#asked) {
      this.#asked = true;
      // Where a token cannot be marked as used, it cannot count: it would count twice.
      this.#careful(() => this.#look());
    }
    return this.#budgets.includes(budget);
  }

  /** A confirmation is for a call that goes out: what was refused after all has not used it. */
  end(refusal: { message: string }): void {
    this.#careful(() => this.#giveBack?.());
    if (this.#objection !== null) {
      refusal.message += ` The acknowledgement does not count: ${this.#objection}.`;
    }
  }

  withToken(refusal: NonNullable<Decision['refusal']>): NonNullable<Admission['refusal']> {
    const fingerprint = this.#call.fingerprint?.();
    if (refusal.action !== 'acknowledge' || fingerprint === undefined) return refusal;
    // Further budgets that were confirmed already stay so: else two of them would never let a call pass.
    const budgets = [...new Set([...this.#budgets, refusal.budget])];
    const given = this.#careful(() => this.#acknowledgements.issue(budgets, fingerprint));
    return given === undefined ? refusal : { ...refusal, acknowledgement: given };
  }

  /** A disk that fails costs a confirmation, never a call's answer. */
  #careful<Result>(work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      this.#objection = 'Farthing cannot keep track of it at the moment';
      this.#onProblem(error as Error);
      return undefined;
    }
  }

  #look(): void {
    const { acknowledgement: token, fingerprint } = this.#call;
    const digest = fingerprint?.call(this.#call);
    if (digest === undefined) return;
    const used = token === undefined ? null : this.#acknowledgements.use(token, digest);
    if (typeof used === 'string') this.#objection = used;
    const confirmed =
      used === null || typeof used === 'string' ? this.#acknowledgements.take(digest) : used;
    if (confirmed === null) return;
    this.#objection = null;
    this.#budgets = confirmed.budgets;
    this.#giveBack = confirmed.giveBack;
  }
}

function emptyDecision({ id, at, shape }: CallToAdmit): Decision {
  return {
    call: id,
    at: new Date(at).toISOString(),
    outcome: 'admitted',
    model: shape.model,
    steps: [],
    accounts: [],
    warnings: [],
  };
}

/** Only then an operator may ask about it later. Core names the accounts of such decisions. */
function isNotable({ outcome, warnings, accounts }: Decision, { steps }: Heeded): boolean {
  return outcome === 'refused' || warnings.length > 0 || accounts.length > 0 || steps.length > 0;
}
