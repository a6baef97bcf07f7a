import type { AccountReference } from '../escrow.js';

/**
 * What a gateway tells of one account in one part of time, and what it asks for. Everything is stated
 * in full, never as a change: a message that is lost, repeated or late does no harm.
 */
export interface LeaseRequest {
  account: AccountReference;
  part: number;
  /** All that this gateway has spent there. */
  spent: bigint;
  /** What it still keeps of earlier grants: for running calls and calls to come. */
  kept: bigint;
  /** What it asks for: 0 to only report. Less than `atLeast` is of no use to it. */
  want: bigint;
  atLeast: bigint;
}

export interface LeaseGrant {
  /** At least `atLeast`, or 0. */
  granted: bigint;
  /** What is left for everybody after this grant: neither spent nor leased. */
  remaining: bigint;
  /** What other gateways keep and have not spent. */
  keptByOthers: bigint;
}

export interface LeaseReply {
  /** In the order of the requests. */
  grants: readonly LeaseGrant[];
  /** Live gateways, this one included. */
  gateways: number;
  /** False while the authority gathers what it has lost: it takes reports and grants nothing. */
  granting: boolean;
  /** The authority's clock, milliseconds since the epoch: all gateways count in its windows. */
  now: number;
}

/**
 * Keeps the balances that several gateways share, and lends parts of them. Rejects when it cannot be
 * reached; then it has granted nothing that this gateway knows of.
 */
export interface LeaseAuthority {
  exchange(requests: readonly LeaseRequest[]): Promise<LeaseReply>;
  /** Asks the other gateways to hand back what they do not need of these accounts. */
  recall(accountKeys: readonly string[]): Promise<void>;
  /** Calls back when another gateway recalls accounts. */
  onRecall(listener: (accountKeys: readonly string[]) => void): void;
}
