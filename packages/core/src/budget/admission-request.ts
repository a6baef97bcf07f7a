import type { BudgetClaim } from './budget-accounts.js';
import type { Amounts, Budget } from './budget.js';
import type { Decision, Refusal } from './decision.js';
import type { AccountReference, ReserveRequest, ReserveResult, SettleResult } from './escrow.js';
import type { Demand, Hold } from './hold.js';

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
  /**
   * Whether the very same refusal is on record already, a moment ago, so that this one need only be
   * counted. A budget that is used up refuses thousands of calls alike.
   */
  isOnRecord?(refusal: PlainRefusal): boolean;
}

/** A refusal at first asking: nothing was changed or tried before it. */
export interface PlainRefusal {
  account: AccountReference;
  action: Refusal['action'];
}

export interface BudgetAnswer {
  outcome: Decision['outcome'];
  /**
   * Null where every account said yes, and the call goes out as it came: then there is nothing to tell.
   * Also for refusals that are on record already.
   */
  decision: Decision | null;
  /** Set on refusals. */
  refusal?: Refusal;
  /** What a refusal is told by, where it came at first asking. */
  plain?: PlainRefusal;
  /** The attempt that was admitted, and what it must be held to. */
  attempt: Attempt;
  hold: Hold;
}
