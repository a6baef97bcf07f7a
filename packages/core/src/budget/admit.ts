import { formatUsd } from '../money.js';
import { countedSpan } from './budget-window.js';
import type { Amounts, Budget } from './budget.js';
import type { BudgetClaim } from './budget-accounts.js';
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

export interface Admission {
  decision: Decision;
  /** The attempt that was admitted, and what it must be held to. */
  attempt: Attempt;
  hold: Hold;
}

/**
 * Decides about a call before it leaves: per-call caps, then a reservation in all accounts; what does
 * not fit goes through the actions of the budget that said no, in their order.
 */
export async function admit(ledger: BudgetLedger, request: AdmissionRequest): Promise<Admission> {
  const run = new AdmissionRun(ledger, request);
  return run.decide();
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

  async decide(): Promise<Admission> {
    let { attempt } = this.#request;
    for (;;) {
      const claims = this.#claims(attempt);
      const capped = this.#overCap(attempt, claims);
      const hold = await this.#hold(attempt, claims);
      const refusing = capped ?? (await this.#reserve(attempt, claims, hold));
      if (refusing === null) {
        this.#decision.model = attempt.model;
        return { decision: this.#decision, attempt, hold };
      }
      const next = this.#act(refusing, attempt);
      if (next === null) return { decision: this.#decision, attempt, hold };
      attempt = next;
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

  /** The first budget whose cap for a single call the expected cost exceeds. */
  #overCap({ expectedCost }: Attempt, claims: readonly BudgetClaim[]): Refusing | null {
    if (expectedCost === null) return null;
    for (const { budget } of claims) {
      const { warn, max } = budget.call;
      if (max !== undefined && expectedCost > max) {
        this.#decision.steps.push({
          do: 'cap',
          budget: budget.name,
          expected_usd: formatUsd(expectedCost),
          max_usd: formatUsd(max),
        });
        if (this.#enforces(budget))
          return { budget, denial: null, overCap: true, unavailable: false };
        this.#warn(`budget "${budget.name}": the call is expected to cost more than a call may`);
      } else if (warn !== undefined && expectedCost > warn) {
        this.#warn(`budget "${budget.name}": the call is expected to cost more than is usual`);
      }
    }
    return null;
  }

  async #hold(attempt: Attempt, claims: readonly BudgetClaim[]): Promise<Hold> {
    let policy: Budget['hold'] = 'expected';
    let leastOutput = 1;
    const remaining: { usd: bigint | null; tokens: bigint | null } = { usd: null, tokens: null };
    for (const { budget, accounts } of claims) {
      if (!this.#enforces(budget)) continue;
      if (strictness[budget.hold] > strictness[policy]) policy = budget.hold;
      leastOutput = Math.max(leastOutput, budget.leastOutput);
      for (const account of accounts) {
        if (account.measure === 'calls') continue;
        const answer = this.#ledger.balance(account, this.#request.at);
        const { committed, reserved } = answer instanceof Promise ? await answer : answer;
        const left = account.limit - committed - reserved;
        const known = remaining[account.measure];
        if (known === null || left < known) remaining[account.measure] = left;
      }
    }
    return chooseHold(policy, attempt.demand, remaining, leastOutput);
  }

  async #reserve(
    attempt: Attempt,
    claims: readonly BudgetClaim[],
    hold: Hold,
  ): Promise<Refusing | null> {
    const { id, at } = this.#request;
    const amounts: Amounts = {
      usd: attempt.expectedCost === null ? 0n : hold.usd,
      tokens: hold.tokens,
      calls: 1n,
    };
    this.#decision.steps.push({
      do: 'hold',
      model: attempt.model,
      usd: attempt.expectedCost === null ? null : formatUsd(hold.usd),
      tokens: Number(hold.tokens),
      ...(hold.maxOutput === undefined ? {} : { max_output: hold.maxOutput }),
    });
    const accounts = claims.flatMap((claim) => claim.accounts);
    const answer = this.#ledger.reserve({ id, accounts, amounts, at });
    const result = answer instanceof Promise ? await answer : answer;
    if (result.admitted) {
      for (const { level, ...balance } of result.warnings) {
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
    return budget.actions[0] !== 'warn' && !this.#overruled.has(budget);
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
    ? `This call is expected to cost more than budget "${name}" allows for one call.`
    : `Budget "${name}" does not have enough left for this call.`;
}

const strictness = { expected: 0, clamp: 1, bound: 2 } as const;

/** Input tokens that what remains pays for, together with the shortest answer worth having. */
function affordableInput(
  budget: Budget,
  denial: AccountBalance | null,
  { demand, expectedCost }: Attempt,
): number {
  const { inputTokens, inputCost, outputPrice, likelyOutput } = demand;
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
  const text = (amount: bigint) =>
    account.measure === 'usd' ? formatUsd(amount) : amount.toString();
  return {
    budget: account.budget,
    scope: scopeOf(account.key),
    measure: account.measure,
    limit: text(account.limit),
    used: text(used),
    asked: text(amounts[account.measure]),
    said,
    resets_at: Number.isFinite(resetsAt) ? new Date(resetsAt).toISOString() : null,
  };
}

/** The scope's values stand in the account's key. */
function scopeOf(key: string): Record<string, string> {
  const pairs = key.split('\u001f').slice(1, -1);
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

function secondsToReset({ account }: AccountBalance, at: number): number | null {
  const { resetsAt } = countedSpan(account.window, at);
  return Number.isFinite(resetsAt) ? Math.max(1, Math.ceil((resetsAt - at) / 1_000)) : null;
}
