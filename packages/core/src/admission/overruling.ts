import type { CallToAdmit } from '../budget/call-to-admit.js';
import type { Decision } from '../budget/decision.js';
import type { Admission } from './admission.js';
import type { AcknowledgementBook } from './ports.js';

/** What a person confirmed for one call, and what may be confirmed next. */
export class Overruling {
  readonly #call: CallToAdmit;
  readonly #acknowledgements: AcknowledgementBook | null;
  readonly #onProblem: (problem: Error) => void;
  #asked = false;
  #budgets: readonly string[] = [];
  #giveBack: (() => void) | null = null;
  #objection: string | null = null;

  constructor(
    call: CallToAdmit,
    acknowledgements: AcknowledgementBook | null,
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
    const acknowledgements = this.#acknowledgements;
    if (refusal.action !== 'acknowledge' || acknowledgements === null) return refusal;
    const fingerprint = this.#call.fingerprint?.();
    if (fingerprint === undefined) return refusal;
    // Further budgets that were confirmed already stay so: else two of them would never let a call pass.
    const budgets = [...new Set([...this.#budgets, refusal.budget])];
    const given = this.#careful(() => acknowledgements.issue(budgets, fingerprint));
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
    const acknowledgements = this.#acknowledgements;
    const digest = acknowledgements === null ? undefined : fingerprint?.call(this.#call);
    if (acknowledgements === null || digest === undefined) return;
    const used = token === undefined ? null : acknowledgements.use(token, digest);
    if (typeof used === 'string') this.#objection = used;
    const confirmed =
      used === null || typeof used === 'string' ? acknowledgements.take(digest) : used;
    if (confirmed === null) return;
    this.#objection = null;
    this.#budgets = confirmed.budgets;
    this.#giveBack = confirmed.giveBack;
  }
}
