import type { Amounts, Budget } from '../budget/budget.js';
import type {
  AdmissionRequest,
  Attempt,
  BudgetAnswer,
  BudgetLedger,
  PlainRefusal,
} from '../budget/admission-request.js';
import { admit } from '../budget/admit.js';
import { BudgetAccounts, type BudgetClaim, type BudgetSubject } from '../budget/budget-accounts.js';
import type { CallToAdmit } from '../budget/call-to-admit.js';
import type { Decision, Refusal } from '../budget/decision.js';
import type { Entry } from '../entry.js';
import type { CallShape, Estimator } from '../estimate/estimator.js';
import {
  attemptOf,
  freeTerms,
  type Admission,
  type Admissions,
  type AdmissionTerms,
  type ShapedAttempt,
} from './admission.js';
import type { BreakerAdvice, Breakers } from './breakers.js';
import { heedBreakers, type Heeded } from './heed-breakers.js';
import { heedRestrictions, stoppedRefusal } from './heed-restrictions.js';
import { Overruling } from './overruling.js';
import type {
  AcknowledgementBook,
  DecisionRecorder,
  DefinitionsInForce,
  LocalBalances,
} from './ports.js';
import type { ComposedBudgets } from './compose-budgets.js';
import { Restrictions } from './restrictions.js';
import { takenAmounts } from './taken-amounts.js';

export interface DeciderParts {
  definitions: DefinitionsInForce;
  ledger: BudgetLedger;
  /** What is counted beside the ledger; null where nothing is. */
  memory: LocalBalances | null;
  estimator: Estimator;
  breakers: Breakers;
  decisions: DecisionRecorder;
  /** Null where nobody can confirm anything: refusals then come without a token. */
  acknowledgements: AcknowledgementBook | null;
  /** What goes wrong beside the calls; it harms none of them. */
  onProblem: (problem: Error) => void;
}

/**
 * Decides about calls, on whatever ledger it is given: the same in a gateway and in an app that calls
 * its provider by itself. Pure: files, timers and networks stand behind its ports.
 */
export class Decider implements Pick<Admissions, 'admit' | 'ended'> {
  readonly #parts: DeciderParts;
  #composed: ComposedBudgets | null = null;
  #budgets: readonly Budget[] = [];
  readonly #restrictions = new Restrictions();
  #accounts = new BudgetAccounts([]);
  #learned = false;
  #free: AdmissionTerms = freeTerms;

  constructor(parts: DeciderParts) {
    this.#parts = parts;
  }

  admit(call: CallToAdmit): Admission | Promise<Admission> {
    this.follow(call.at);
    const { breakers } = this.#parts;
    const isFree = breakers.isEmpty && this.#restrictions.isEmpty;
    if (isFree && this.#budgets.length === 0) return this.#pass(call.shape);
    const { tags, shape, key } = call;
    const subject = { tags, provider: shape.provider, model: shape.model, key };
    const restricted = this.#restricted(call, subject);
    if (restricted.refusal !== null) return this.#refused(call, restricted);
    const advice = breakers.isEmpty ? [] : breakers.advise(subject, call.at);
    const heeded =
      advice.length === 0 ? restricted : heedBreakers(advice, call, restricted, this.#isPriced);
    if (heeded.refusal !== null) return this.#refused(call, heeded);
    if (this.#budgets.length === 0) return this.#passAs(call, heeded, advice);
    return this.#ask(call, heeded, advice);
  }

  ended(entry: Entry, call: CallToAdmit, admission: Admission): void {
    try {
      if (admission.outcome === 'refused') return;
      const { ledger, memory, estimator } = this.#parts;
      const { shape, estimate, terms } = admission;
      const { held, version, breakers } = terms;
      if (held !== null || breakers.length > 0) {
        const taken = takenAmounts(entry, held);
        if (held !== null) void ledger.settle(call.id, taken);
        const endedAt = call.at + entry.duration_ms;
        for (const { breaker, probe } of breakers) breaker.spent(taken.usd, endedAt, probe);
      }
      memory?.ended(entry, call.at, version);
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

  /** Takes up the budgets that hold now, and with them the balances. */
  follow(at: number): void {
    const composed = this.#parts.definitions.at(at);
    if (composed === this.#composed) return;
    this.#composed = composed;
    this.#budgets = composed.defined.map(({ budget }) => budget);
    this.#accounts = new BudgetAccounts(this.#budgets);
    this.#restrictions.follow(composed);
    this.#parts.memory?.redefine(this.#budgets).catch(this.#parts.onProblem);
  }

  #pass(shape: CallShape): Admission {
    return {
      outcome: 'admitted',
      shape,
      estimate: this.#parts.estimator.estimate(shape),
      warnings: noWarnings,
      decision: null,
      terms: this.#freeTerms(),
    };
  }

  readonly #isPriced = (shape: CallShape) => this.#parts.estimator.estimate(shape).cost !== null;

  /** Of calls that hold nothing: one for all of them, until the budgets are others. */
  #freeTerms(): AdmissionTerms {
    const version = this.#parts.memory?.version ?? 0;
    if (this.#free.version !== version) this.#free = { ...this.#free, version };
    return this.#free;
  }

  #passAs(
    call: CallToAdmit,
    { shape, steps }: Heeded,
    breakers: readonly BreakerAdvice[],
  ): Admission {
    const pass = this.#pass(shape);
    const passed = { ...pass, terms: { ...pass.terms, breakers } };
    if (steps.length === 0) return passed;
    const decision = { ...emptyDecision(call), model: shape.model, steps };
    this.#record(call, decision);
    return { ...passed, decision };
  }

  /** What was ordered beside budgets: stopped runs first, for they end all else. */
  #restricted(call: CallToAdmit, subject: BudgetSubject): Heeded {
    const { shape, tags } = call;
    if (this.#restrictions.isEmpty) return { shape, steps: [], refusal: null };
    const stopped = this.#restrictions.stopped(tags);
    if (stopped === undefined) {
      return heedRestrictions(this.#restrictions.of(subject), call, this.#isPriced);
    }
    const steps = [{ do: 'run_stopped', run: stopped.run } as const];
    return { shape, steps, refusal: stoppedRefusal(stopped) };
  }

  #refused(call: CallToAdmit, { shape, steps, refusal: said }: Heeded): Admission {
    const refusal = said!;
    const refused = { ...this.#pass(shape), outcome: 'refused', refusal } as const;
    // What was ordered refuses thousands of calls alike: one stands for those of a second.
    const likeness = refusal.code === undefined ? undefined : `${refusal.code} ${refusal.budget}`;
    const { decisions } = this.#parts;
    if (likeness !== undefined && decisions.repeats?.(likeness, call.id, call.at) === true) {
      return refused;
    }
    const decision: Decision = { ...emptyDecision(call), outcome: 'refused', steps, refusal };
    this.#record(call, decision, likeness);
    return { ...refused, decision };
  }

  #ask(
    call: CallToAdmit,
    heeded: Heeded,
    breakers: readonly BreakerAdvice[],
  ): Admission | Promise<Admission> {
    const { ledger, memory } = this.#parts;
    const version = memory?.version ?? 0;
    const asking = new AskedCall(this.#parts, call, heeded, (model) => this.#claims(call, model));
    const asked = admit(ledger, asking);
    const finish = (answer: BudgetAnswer) =>
      this.#finish(call, answer, heeded, asking, { version, breakers });
    return asked instanceof Promise ? asked.then(finish) : finish(asked);
  }

  #finish(
    call: CallToAdmit,
    { outcome, decision: told, refusal, plain, attempt, hold }: BudgetAnswer,
    heeded: Heeded,
    asking: AskedCall,
    terms: Pick<AdmissionTerms, 'version' | 'breakers'>,
  ): Admission {
    const { shape, estimate, expectedCost } = attempt as ShapedAttempt;
    const held: Amounts | null =
      outcome === 'refused'
        ? null
        : { usd: expectedCost === null ? 0n : hold.usd, tokens: hold.tokens, calls: 1n };
    if (held !== null) this.#parts.memory?.touch();
    const admission: Admission = {
      outcome,
      shape,
      estimate,
      warnings: told?.warnings ?? noWarnings,
      decision: told,
      terms: { held, ...terms },
    };
    if (hold.maxOutput !== undefined) admission.maxOutput = hold.maxOutput;
    if (refusal !== undefined) admission.refusal = asking.refusedWith(refusal);
    if (told === null && heeded.steps.length === 0) return admission;
    const decision = told ?? { ...emptyDecision(call), model: shape.model };
    admission.decision = decision;
    decision.steps.unshift(...heeded.steps);
    this.#record(call, decision, plain === undefined ? undefined : likenessOf(plain));
    return admission;
  }

  #claims({ tags, shape, key }: CallToAdmit, model: string) {
    return this.#accounts.claims({ tags, provider: shape.provider, model, key });
  }

  #record({ shape, tags, at }: CallToAdmit, decision: Decision, likeness?: string): void {
    this.#parts.decisions.add(
      { ...decision, provider: shape.provider, model_requested: shape.model, tags },
      at,
      likeness,
    );
  }
}

const noWarnings: readonly string[] = [];

/** What budgets may ask of a call while they decide about it. */
class AskedCall implements AdmissionRequest {
  readonly id: string;
  readonly at: number;
  readonly attempt: Attempt;
  readonly #parts: DeciderParts;
  readonly #call: CallToAdmit;
  readonly #claims: (model: string) => readonly BudgetClaim[];
  /** Whether a restriction or a breaker has changed the call already. */
  readonly #isChanged: boolean;
  #overruling: Overruling | null = null;

  constructor(
    parts: DeciderParts,
    call: CallToAdmit,
    { shape, steps }: Heeded,
    claims: (model: string) => readonly BudgetClaim[],
  ) {
    this.#parts = parts;
    this.#call = call;
    this.#claims = claims;
    this.#isChanged = steps.length > 0;
    this.id = call.id;
    this.at = call.at;
    this.attempt = this.#attempt(shape);
  }

  claims({ model }: Attempt): readonly BudgetClaim[] {
    return this.#claims(model);
  }

  onModel(model: string): Attempt | null {
    return this.#changed(this.#call.onModel?.(model));
  }

  truncatedTo(inputTokens: number, before: Attempt): Attempt | null {
    const { shape } = before as ShapedAttempt;
    const share = 1 - inputTokens / before.demand.inputTokens;
    return this.#changed(this.#call.truncated?.(Math.ceil(shape.textBytes * share), shape));
  }

  acknowledged({ name }: Budget): boolean {
    const { acknowledgements, onProblem } = this.#parts;
    this.#overruling ??= new Overruling(this.#call, acknowledgements, onProblem);
    return this.#overruling.covers(name);
  }

  isOnRecord(plain: PlainRefusal): boolean {
    // Its token must be given back or made: that is told with each.
    if (this.#isChanged || this.#overruling !== null || plain.action === 'acknowledge')
      return false;
    return this.#parts.decisions.repeats?.(likenessOf(plain), this.id, this.at) === true;
  }

  /** The refusal as the caller gets it: with what became of a confirmation, and how to get one. */
  refusedWith(refusal: Refusal): NonNullable<Admission['refusal']> {
    if (this.#overruling === null) return refusal;
    this.#overruling.end(refusal);
    return this.#overruling.withToken(refusal);
  }

  #changed(shape: CallShape | null | undefined): Attempt | null {
    return shape == null ? null : this.#attempt(shape);
  }

  #attempt(shape: CallShape): ShapedAttempt {
    const { estimable = true } = this.#call;
    return attemptOf(shape, this.#parts.estimator.estimate(shape), estimable);
  }
}

function likenessOf({ account, action }: PlainRefusal): string {
  return `${action} ${account.key}`;
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
