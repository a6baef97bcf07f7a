import { formatUsd } from '../money.js';
import { countedSpan } from './budget-window.js';
import type { Amounts, Budget } from './budget.js';
import { scopeOfAccount, type BudgetClaim } from './budget-accounts.js';
import type { AccountVerdict, Decision, Refusal } from './decision.js';
import type {
  AccountBalance,
  AccountReference,
  ReserveRequest,
  ReserveResult,
  SettleResult,
} from './escrow.js';
import { chooseHold, type Demand, type Hold } from './hold.js';

/**
 * Where balances are kept: in this process, or shared by several gateways. Drivers may answer at
 * once or later, and all pass one conformance suite.
 */
export interface BudgetLedger {
  reserve(request: ReserveRequest): ReserveResult | Promise<ReserveResult>;
  settle(id: string, actual: Amounts): SettleResult | Promise<SettleResult>;
  /** May be a moment old where the balance is shared: only `reserve` decides. */
  balance(account: AccountReference, at: number): Balance | Promise<Balance>;
}

export interface Balance {
  committed: bigint;
  reserved: bigint;
}

/** A call as it would be on one model. */
export interface Attempt {
  model: string;
  demand: Demand;
  /** Likely input tokens, where `demand` has the most that they can be. */
  expectedInput?: number;
  /** What it likely costs, in picodollars; null when the model has no price. */
  expectedCost: bigint | null;
}

export interface AdmissionRequest {
  id: string;
  /** Milliseconds since the epoch. */
  at: number;
  attempt: Attempt;
  claims(attempt: Attempt): readonly BudgetClaim[];
  /** The same call on another model; null where it cannot go there. */
  onModel(model: string): Attempt | null;
  /** The same call with its history cut to fit; null where nothing more can be left out. */
  truncatedTo(inputTokens: number, attempt: Attempt): Attempt | null;
  /** Whether a person has confirmed this call for this budget. */
  acknowledged(budget: Budget): boolean;
}

export interface BudgetAnswer {
  decision: Decision;
  /** The attempt that was admitted, and what it must be held to. */
  attempt: Attempt;
  hold: Hold;
}

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

/** Work that may have to wait for a ledger: it yields what it waits for. */
type Steps<Result> = Generator<Promise<unknown>, Result, unknown>;

function run<Result>(steps: Steps<Result>): Result | Promise<Result> {
  const first = steps.next();
  return first.done === true ? first.value : finish(steps, first.value);
}

async function finish<Result>(steps: Steps<Result>, pending: Promise<unknown>): Promise<Result> {
  for (;;) {
    const next = steps.next(await pending);
    if (next.done === true) return next.value;
    pending = next.value;
  }
}

function* settled<Value>(answer: Value | Promise<Value>): Steps<Value> {
  return answer instanceof Promise ? ((yield answer) as Value) : answer;
}

class AdmissionRun {
  readonly #ledger: BudgetLedger;
  readonly #request: AdmissionRequest;
  readonly #decision: Decision;
  /** Actions of each budget that were tried in vain. */
  readonly #tried = new Map<string, number>();
  /** Budgets that a person has overruled for this call: they go on counting, and do not refuse. */
  readonly #overruled = new Set<Budget>();

  constructor(ledger: BudgetLedger, request: AdmissionRequest) {
    this.#ledger = ledger;
    this.#request = request;
    this.#decision = {
      call: request.id,
      at: new Date(request.at).toISOString(),
      outcome: 'admitted',
      model: request.attempt.model,
      steps: [],
      accounts: [],
      warnings: [],
    };
  }

  *decide(): Steps<BudgetAnswer> {
    let { attempt } = this.#request;
    for (;;) {
      const claims = this.#claims(attempt);
      const capped = this.#overCap(attempt, claims);
      const hold = yield* this.#hold(attempt, claims);
      const refusing = capped ?? (yield* this.#reserve(attempt, claims, hold));
      const next = refusing === null ? null : this.#act(refusing, attempt);
      if (next === null) {
        this.#decision.model = attempt.model;
        if (isNotable(this.#decision)) yield* this.#completeAccounts(attempt, claims, hold);
        return { decision: this.#decision, attempt, hold };
      }
      attempt = next;
    }
  }

  /** Those that said yes as well: an operator who asks why wants to see every account. */
  *#completeAccounts(attempt: Attempt, claims: readonly BudgetClaim[], hold: Hold): Steps<void> {
    const { accounts, outcome } = this.#decision;
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
        const balance = this.#ledger.balance(account, at);
        const { committed, reserved } = yield* settled(balance);
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
    if (this.#overruled.size === 0) return claims;
    return claims.map(({ budget, accounts }) =>
      this.#overruled.has(budget)
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

  *#hold(attempt: Attempt, claims: readonly BudgetClaim[]): Steps<Hold> {
    let policy: Budget['hold'] = 'expected';
    let leastOutput = 1;
    let mostOutput = attempt.demand.mostOutput;
    const remaining: { usd: bigint | null; tokens: bigint | null } = { usd: null, tokens: null };
    for (const { budget, accounts } of claims) {
      if (!this.#enforces(budget)) continue;
      if (strictness[budget.hold] > strictness[policy]) policy = budget.hold;
      leastOutput = Math.max(leastOutput, budget.leastOutput);
      mostOutput = Math.min(mostOutput, budget.call.outputTokens ?? mostOutput);
      for (const account of accounts) {
        if (account.measure === 'calls') continue;
        const balance = this.#ledger.balance(account, this.#request.at);
        const { committed, reserved } = yield* settled(balance);
        const left = account.limit - committed - reserved;
        const known = remaining[account.measure];
        if (known === null || left < known) remaining[account.measure] = left;
      }
    }
    const { demand } = attempt;
    if (mostOutput === demand.mostOutput || !demand.mayClamp) {
      return chooseHold(policy, demand, remaining, leastOutput);
    }
    const hold = chooseHold(policy, { ...demand, mostOutput }, remaining, leastOutput);
    return { ...hold, maxOutput: hold.maxOutput ?? mostOutput };
  }

  *#reserve(attempt: Attempt, claims: readonly BudgetClaim[], hold: Hold): Steps<Refusing | null> {
    const { id, at } = this.#request;
    const amounts = amountsOf(attempt, hold);
    this.#decision.steps.push({
      do: 'hold',
      model: attempt.model,
      usd: attempt.expectedCost === null ? null : formatUsd(hold.usd),
      tokens: Number(hold.tokens),
      ...(hold.maxOutput === undefined ? {} : { max_output: hold.maxOutput }),
    });
    const accounts = claims.flatMap((claim) => claim.accounts);
    const result = yield* settled(this.#ledger.reserve({ id, accounts, amounts, at }));
    if (result.admitted) {
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
    for (const denial of result.denials) {
      this.#decision.accounts.push(verdict(denial, amounts, 'no', at));
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
      const index = this.#tried.get(budget.name) ?? 0;
      const action = budget.actions[index] ?? 'block';
      if (action === 'downgrade') {
        const to = budget.downgrades.get(attempt.model);
        const next = to === undefined ? null : this.#request.onModel(to);
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
        this.#overruled.add(budget);
        return attempt;
      } else if (action !== 'warn') {
        this.#refuse(refusing, action);
        return null;
      }
      this.#tried.set(budget.name, index + 1);
    }
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
      from_input_tokens: inputTokens,
      to_input_tokens: next.demand.inputTokens,
    });
    return next;
  }

  #refuse({ budget, denial, overCap, unavailable }: Refusing, action: Refusal['action']): void {
    this.#decision.outcome = 'refused';
    this.#decision.steps.push({ do: action, budget: budget.name });
    this.#decision.refusal = {
      action,
      budget: budget.name,
      message: refusalMessage(budget, overCap, unavailable),
      retry_after_s: unavailable
        ? unavailableRetrySeconds
        : denial === null
          ? null
          : secondsToReset(denial, this.#request.at),
    };
  }

  #enforces(budget: Budget): boolean {
    return budget.actions[0] !== 'warn' && !budget.paused && !this.#overruled.has(budget);
  }

  #warn(sentence: string): void {
    if (!this.#decision.warnings.includes(sentence)) this.#decision.warnings.push(sentence);
  }
}

interface Refusing {
  budget: Budget;
  /** The account that had too little; null when the call is over the cap for one call. */
  denial: AccountBalance | null;
  overCap: boolean;
  /** The balance could not be asked: cheaper calls would be refused as well. */
  unavailable: boolean;
}

/** Balances that cannot be asked are usually back within seconds. */
const unavailableRetrySeconds = 2;

function refusalMessage({ name }: Budget, overCap: boolean, unavailable: boolean): string {
  if (unavailable) return `The balance of budget "${name}" cannot be read at the moment.`;
  return overCap
    ? `This call is expected to take more than budget "${name}" allows for one call.`
    : `Budget "${name}" does not have enough left for this call.`;
}

/** A limit on answers is set in the request; one that may not be changed must keep to it by itself. */
function mayAnswerTooLong({ call: { outputTokens } }: Budget, { demand }: Attempt): boolean {
  return outputTokens !== undefined && !demand.mayClamp && demand.mostOutput > outputTokens;
}

const strictness = { expected: 0, clamp: 1, bound: 2 } as const;

/** Input tokens that what remains pays for, together with the shortest answer worth having. */
function affordableInput(budget: Budget, denial: AccountBalance | null, attempt: Attempt): number {
  const { demand, expectedCost } = attempt;
  const { inputTokens, inputCost, outputPrice, likelyOutput } = demand;
  const { inputTokens: mostInput } = budget.call;
  if (denial === null && mostInput !== undefined && expectedInput(attempt) > mostInput) {
    return Math.floor((inputTokens * mostInput) / expectedInput(attempt));
  }
  const output = BigInt(Math.min(likelyOutput, budget.leastOutput));
  if (denial?.account.measure === 'tokens') return Number(denial.remaining - output);
  if (denial?.account.measure === 'calls') return inputTokens;
  const money =
    denial === null ? (expectedCost === null ? null : (budget.call.max ?? null)) : denial.remaining;
  if (money === null || inputCost <= 0n) return inputTokens;
  const answer = denial === null ? BigInt(likelyOutput) * outputPrice : output * outputPrice;
  const forInput = money - answer;
  return forInput <= 0n ? 0 : Number((forInput * BigInt(inputTokens)) / inputCost);
}

function verdict(
  { account, used }: AccountBalance,
  amounts: Amounts,
  said: AccountVerdict['said'],
  at: number,
): AccountVerdict {
  const { resetsAt } = countedSpan(account.window, at);
  return {
    budget: account.budget,
    scope: scopeOfAccount(account.key),
    measure: account.measure,
    limit: textOf(account.limit, account.measure),
    used: textOf(used, account.measure),
    asked: amountText(account, amounts),
    said,
    resets_at: Number.isFinite(resetsAt) ? new Date(resetsAt).toISOString() : null,
  };
}

function textOf(amount: bigint, measure: AccountReference['measure']): string {
  return measure === 'usd' ? formatUsd(amount) : amount.toString();
}

function amountText({ measure }: AccountReference, amounts: Amounts): string {
  return textOf(amounts[measure], measure);
}

function amountsOf({ expectedCost }: Attempt, { usd, tokens }: Hold): Amounts {
  return { usd: expectedCost === null ? 0n : usd, tokens, calls: 1n };
}

function expectedInput({ expectedInput: expected, demand }: Attempt): number {
  return expected ?? demand.inputTokens;
}

function isPaused(claims: readonly BudgetClaim[], { budget: name }: AccountReference): boolean {
  return claims.some(({ budget }) => budget.name === name && budget.paused);
}

/** Whether anything was said or done that somebody may ask about later. */
function isNotable({ outcome, warnings, steps }: Decision): boolean {
  return (
    outcome === 'refused' ||
    warnings.length > 0 ||
    steps.some((step) => step.do !== 'hold' || step.max_output !== undefined)
  );
}

function sameScope(one: Record<string, string>, other: Record<string, string>): boolean {
  return Object.entries(one).every(([dimension, value]) => other[dimension] === value);
}

function secondsToReset({ account }: AccountBalance, at: number): number | null {
  const { resetsAt } = countedSpan(account.window, at);
  return Number.isFinite(resetsAt) ? Math.max(1, Math.ceil((resetsAt - at) / 1_000)) : null;
}
