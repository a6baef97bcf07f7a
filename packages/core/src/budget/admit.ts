import { formatUsd } from '../money.js';
import type {
  AdmissionRequest,
  Attempt,
  Balance,
  BudgetAnswer,
  BudgetLedger,
  PlainRefusal,
} from './admission-request.js';
import { affordableInput, expectedInput, mayAnswerTooLong } from './affordable-input.js';
import { scopeOfAccount, type BudgetClaim } from './budget-accounts.js';
import type { Budget } from './budget.js';
import {
  amountsOf,
  amountText,
  holdStep,
  isNotable,
  sameScope,
  verdict,
} from './decision-parts.js';
import type { Decision, Refusal } from './decision.js';
import type { AccountBalance, AccountReference, ReserveResult } from './escrow.js';
import { chooseHold, type Hold } from './hold.js';
import {
  refusalMessage,
  secondsToReset,
  unavailableRetrySeconds,
  type Refusing,
} from './refusing.js';
import { tighten, unknownRemaining, type Remaining } from './remaining.js';
import { run, type Steps } from './waiting-steps.js';

/**
 * Decides about a call before it leaves: per-call caps, then a reservation in all accounts; what does
 * not fit goes through the actions of the budget that said no, in their order. Answers at once where
 * the ledger does.
 */
export function admit(
  ledger: BudgetLedger,
  request: AdmissionRequest,
): BudgetAnswer | Promise<BudgetAnswer> {
  return run(new AdmissionRun(ledger, request).decide());
}

class AdmissionRun {
  readonly #ledger: BudgetLedger;
  readonly #request: AdmissionRequest;
  /** Most calls are let go without a word: the decision is written when there is something to tell. */
  #told: Decision | null = null;
  /** The first thing that is done about any call; told when something else is. */
  #firstHold: { attempt: Attempt; hold: Hold } | null = null;
  /** What was denied at first asking; told with it. */
  #firstDenials: readonly AccountBalance[] | null = null;
  #refusal: Refusal | null = null;
  #plain: PlainRefusal | null = null;
  /** Actions of each budget that were tried in vain. */
  #tried: Map<string, number> | null = null;
  /** Budgets that a person has overruled for this call: they go on counting, and do not refuse. */
  #overruled: Set<Budget> | null = null;

  constructor(ledger: BudgetLedger, request: AdmissionRequest) {
    this.#ledger = ledger;
    this.#request = request;
  }

  *decide(): Steps<BudgetAnswer> {
    let { attempt } = this.#request;
    for (;;) {
      const claims = this.#claims(attempt);
      const capped = this.#overCap(attempt, claims);
      const chosen = this.#hold(attempt, claims);
      const hold = chosen instanceof Promise ? ((yield chosen) as Hold) : chosen;
      let refusing = capped;
      if (capped === null) {
        const reserving = this.#reserve(attempt, claims, hold);
        const result =
          reserving instanceof Promise ? ((yield reserving) as ReserveResult) : reserving;
        refusing = this.#heard(result, attempt, claims, hold);
      }
      const next = refusing === null ? null : this.#act(refusing, attempt);
      if (next === null) {
        // That an answer is shortened is to be told, too.
        const isShortened = this.#refusal === null && hold.maxOutput !== undefined;
        const told = isShortened ? this.#decision : this.#told;
        if (told !== null) {
          told.model = attempt.model;
          if (isNotable(told)) yield* this.#completeAccounts(told, attempt, claims, hold);
        }
        return this.#answer(told, attempt, hold);
      }
      attempt = next;
    }
  }

  #answer(decision: Decision | null, attempt: Attempt, hold: Hold): BudgetAnswer {
    const refusal = this.#refusal;
    if (refusal === null) return { outcome: 'admitted', decision, attempt, hold };
    const answer: BudgetAnswer = { outcome: 'refused', decision, refusal, attempt, hold };
    if (this.#plain !== null) answer.plain = this.#plain;
    return answer;
  }

  get #decision(): Decision {
    if (this.#told !== null) return this.#told;
    const { id, at, attempt } = this.#request;
    const first = this.#firstHold;
    const steps = first === null ? [] : [holdStep(first)];
    const amounts = first === null ? null : amountsOf(first.attempt, first.hold);
    const accounts =
      amounts === null
        ? []
        : (this.#firstDenials ?? []).map((denial) => verdict(denial, amounts, 'no', at));
    return (this.#told = {
      call: id,
      at: new Date(at).toISOString(),
      outcome: 'admitted',
      model: attempt.model,
      steps,
      accounts,
      warnings: [],
    });
  }

  /** Those that said yes as well: an operator who asks why wants to see every account. */
  *#completeAccounts(
    { accounts, outcome }: Decision,
    attempt: Attempt,
    claims: readonly BudgetClaim[],
    hold: Hold,
  ): Steps<void> {
    const { at } = this.#request;
    const amounts = amountsOf(attempt, hold);
    for (const { accounts: own, budget } of claims) {
      if (budget.paused) continue;
      for (const account of own) {
        const scope = scopeOfAccount(account.key);
        const isKnown = accounts.some(
          (known) =>
            known.budget === account.budget &&
            known.measure === account.measure &&
            known.asked === amountText(account, amounts) &&
            sameScope(known.scope, scope),
        );
        if (isKnown) continue;
        const answer = this.#ledger.balance(account, at);
        const balance = answer instanceof Promise ? ((yield answer) as Balance) : answer;
        const { committed, reserved } = balance;
        const ownHold = outcome === 'admitted' ? amounts[account.measure] : 0n;
        const used = committed + reserved - ownHold;
        accounts.push(
          verdict({ account, used, remaining: account.limit - used }, amounts, 'yes', at),
        );
      }
    }
  }

  #claims(attempt: Attempt): readonly BudgetClaim[] {
    const claims = this.#request.claims(attempt);
    const overruled = this.#overruled;
    if (overruled === null) return claims;
    return claims.map(({ budget, accounts }) =>
      overruled.has(budget)
        ? { budget, accounts: accounts.map((account) => ({ ...account, enforced: false })) }
        : { budget, accounts },
    );
  }

  /** The first budget whose limits for a single call the call is expected to exceed. */
  #overCap(attempt: Attempt, claims: readonly BudgetClaim[]): Refusing | null {
    for (const { budget } of claims) {
      if (budget.paused) continue;
      const exceeds =
        this.#isDear(budget, attempt) ||
        this.#isLong(budget, attempt) ||
        mayAnswerTooLong(budget, attempt);
      if (!exceeds) continue;
      if (this.#enforces(budget))
        return { budget, denial: null, overCap: true, unavailable: false };
      this.#warn(`budget "${budget.name}": the call is expected to take more than one call may`);
    }
    return null;
  }

  #isDear({ name, call: { warn, max } }: Budget, { expectedCost }: Attempt): boolean {
    if (expectedCost === null) return false;
    if (max !== undefined && expectedCost > max) {
      this.#decision.steps.push({
        do: 'cap',
        budget: name,
        expected_usd: formatUsd(expectedCost),
        max_usd: formatUsd(max),
      });
      return true;
    }
    if (warn !== undefined && expectedCost > warn) {
      this.#warn(`budget "${name}": the call is expected to cost more than is usual`);
    }
    return false;
  }

  #isLong({ name, softShare, call: { inputTokens: most } }: Budget, attempt: Attempt): boolean {
    if (most === undefined) return false;
    const expected = expectedInput(attempt);
    if (expected > most) {
      this.#decision.steps.push({
        do: 'cap_tokens',
        budget: name,
        expected_input_tokens: expected,
        max_input_tokens: most,
      });
      return true;
    }
    if (expected > most * softShare) {
      this.#warn(`budget "${name}": the call has nearly as much input as one call may`);
    }
    return false;
  }

  #hold(attempt: Attempt, claims: readonly BudgetClaim[]): Hold | Promise<Hold> {
    const { demand } = attempt;
    let policy: Budget['hold'] = 'expected';
    let leastOutput = 1;
    let mostOutput = demand.mostOutput;
    for (const { budget } of claims) {
      if (!this.#enforces(budget)) continue;
      if (strictness[budget.hold] > strictness[policy]) policy = budget.hold;
      leastOutput = Math.max(leastOutput, budget.leastOutput);
      mostOutput = Math.min(mostOutput, budget.call.outputTokens ?? mostOutput);
    }
    const isCut = mostOutput !== demand.mostOutput && demand.mayClamp;
    const choose = (remaining: Remaining) => {
      if (!isCut) return chooseHold(policy, demand, remaining, leastOutput);
      const hold = chooseHold(policy, { ...demand, mostOutput }, remaining, leastOutput);
      return { ...hold, maxOutput: hold.maxOutput ?? mostOutput };
    };
    // What remains is asked only where the hold depends on it.
    if (policy !== 'clamp' || !demand.mayClamp) return choose(unknownRemaining);
    const remaining = this.#remaining(claims);
    return remaining instanceof Promise ? remaining.then(choose) : choose(remaining);
  }

  /** The least that is left in any account that may refuse. */
  #remaining(claims: readonly BudgetClaim[]): Remaining | Promise<Remaining> {
    const { at } = this.#request;
    const remaining: Remaining = { usd: null, tokens: null };
    let waiting: Promise<void>[] | null = null;
    for (const { budget, accounts } of claims) {
      if (!this.#enforces(budget)) continue;
      for (const account of accounts) {
        if (account.measure === 'calls') continue;
        const balance = this.#ledger.balance(account, at);
        if (!(balance instanceof Promise)) tighten(remaining, account, balance);
        else (waiting ??= []).push(balance.then((known) => tighten(remaining, account, known)));
      }
    }
    return waiting === null ? remaining : Promise.all(waiting).then(() => remaining);
  }

  #reserve(
    attempt: Attempt,
    claims: readonly BudgetClaim[],
    hold: Hold,
  ): ReserveResult | Promise<ReserveResult> {
    if (this.#told === null && this.#firstHold === null) {
      this.#firstHold = { attempt, hold };
    } else {
      this.#decision.steps.push(holdStep({ attempt, hold }));
    }
    const { id, at } = this.#request;
    const accounts: AccountReference[] = [];
    for (const claim of claims) for (const account of claim.accounts) accounts.push(account);
    return this.#ledger.reserve({ id, accounts, amounts: amountsOf(attempt, hold), at });
  }

  /** What the ledger said: null where the call may go. */
  #heard(
    result: ReserveResult,
    attempt: Attempt,
    claims: readonly BudgetClaim[],
    hold: Hold,
  ): Refusing | null {
    const { at } = this.#request;
    if (result.admitted) {
      if (result.warnings.length === 0) return null;
      const amounts = amountsOf(attempt, hold);
      for (const { level, ...balance } of result.warnings) {
        if (isPaused(claims, balance.account)) continue;
        this.#decision.accounts.push(verdict(balance, amounts, level, at));
        this.#warn(
          level === 'over'
            ? `budget "${balance.account.budget}" is used up`
            : `budget "${balance.account.budget}" is nearly used up`,
        );
      }
      return null;
    }
    if (this.#told === null) this.#firstDenials = result.denials;
    else {
      const amounts = amountsOf(attempt, hold);
      for (const denial of result.denials) {
        this.#told.accounts.push(verdict(denial, amounts, 'no', at));
      }
    }
    const [denial] = result.denials;
    const budget = claims.find(({ accounts: own }) => own.includes(denial!.account))!.budget;
    return { budget, denial: denial!, overCap: false, unavailable: result.unavailable === true };
  }

  /** Takes the next action of the budget that said no: another attempt, or null when the call is refused. */
  #act(refusing: Refusing, attempt: Attempt): Attempt | null {
    const { budget } = refusing;
    if (refusing.unavailable) {
      this.#refuse(refusing, 'throttle');
      return null;
    }
    for (;;) {
      const index = this.#tried?.get(budget.name) ?? 0;
      const action = budget.actions[index] ?? 'block';
      if (action === 'downgrade') {
        const next = this.#downgraded(budget, attempt);
        if (next !== null) {
          this.#decision.steps.push({
            do: 'downgrade',
            budget: budget.name,
            from: attempt.model,
            to: next.model,
          });
          return next;
        }
      } else if (action === 'truncate') {
        const next = this.#truncate(refusing, attempt);
        if (next !== null) return next;
      } else if (action === 'acknowledge' && this.#request.acknowledged(budget)) {
        this.#decision.steps.push({ do: 'acknowledged', budget: budget.name });
        (this.#overruled ??= new Set()).add(budget);
        return attempt;
      } else if (action !== 'warn') {
        this.#refuse(refusing, action);
        return null;
      }
      (this.#tried ??= new Map()).set(budget.name, index + 1);
    }
  }

  /**
   * The call on the next model of the chain. Models without a known price are passed over: they would
   * hold nothing and so fit into every limit, and mostly belong to another provider than the call.
   */
  #downgraded({ downgrades }: Budget, { model, expectedCost }: Attempt): Attempt | null {
    for (let to = downgrades.get(model); to !== undefined; to = downgrades.get(to)) {
      const next = this.#request.onModel(to);
      if (next === null || next.expectedCost !== null || expectedCost === null) return next;
    }
    return null;
  }

  #truncate({ budget, denial }: Refusing, attempt: Attempt): Attempt | null {
    const { inputTokens } = attempt.demand;
    const target = affordableInput(budget, denial, attempt);
    if (target >= inputTokens) return null;
    const next = target <= 0 ? null : this.#request.truncatedTo(target, attempt);
    if (next === null || next.demand.inputTokens >= inputTokens) return null;
    this.#decision.steps.push({
      do: 'truncate',
      budget: budget.name,
      from_input_tokens: expectedInput(attempt),
      to_input_tokens: expectedInput(next),
    });
    return next;
  }

  #refuse(refusing: Refusing, action: Refusal['action']): void {
    const { budget, denial, overCap, unavailable } = refusing;
    const refusal: Refusal = {
      action,
      budget: budget.name,
      message: refusalMessage(budget, overCap, unavailable),
      retry_after_s: unavailable
        ? unavailableRetrySeconds
        : denial === null
          ? null
          : secondsToReset(denial, this.#request.at),
    };
    this.#refusal = refusal;
    if (this.#told === null && denial !== null && !unavailable) {
      this.#plain = { account: denial.account, action };
      if (this.#request.isOnRecord?.(this.#plain) === true) return;
    }
    const decision = this.#decision;
    decision.outcome = 'refused';
    decision.steps.push({ do: action, budget: budget.name });
    decision.refusal = refusal;
  }

  #enforces(budget: Budget): boolean {
    return budget.actions[0] !== 'warn' && !budget.paused && this.#overruled?.has(budget) !== true;
  }

  #warn(sentence: string): void {
    if (!this.#decision.warnings.includes(sentence)) this.#decision.warnings.push(sentence);
  }
}

const strictness = { expected: 0, clamp: 1, bound: 2 } as const;

function isPaused(claims: readonly BudgetClaim[], { budget: name }: AccountReference): boolean {
  return claims.some(({ budget }) => budget.name === name && budget.paused);
}
