import type { AccountReference } from '../escrow.js';

/**
 * What a gateway tells of one account in one part of time, and what it asks for. Everything is stated
 * in full, never as a change: a message that is lost, repeated or late does no harm.
 */
export interface LeaseRequest {
  account: AccountReference;
  part: number;
  /** All that the journal of this gateway holds there, and what it has spent since it began to count. */
  spent: bigint;
  /**
   * Of that, what stood in the journal when it began to count: where the authority knows of more, the
   * difference goes on counting. Null while the journal is being read: then what was spent is in `kept`.
   */
  base: bigint | null;
  /** What it still keeps of earlier grants: for running calls and calls to come. */
  kept: bigint;
  /** What other journals hold there: those of apps, and of gateways that are not running. */
  floors?: readonly LeaseFloor[];
  /** What it asks for: 0 to only report. Less than `atLeast` is of no use to it. */
  want: bigint;
  atLeast: bigint;
}

/** What a journal is known to hold at least: a figure that only grows. */
export interface LeaseFloor {
  /** The journal, the same for everybody who reads it. */
  source: string;
  spent: bigint;
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
  /** Set when the authority may lack what it was told before: everything is to be stated again. */
  restate: boolean;
  /** The authority's clock, milliseconds since the epoch: all gateways count in its windows. */
  now: number;
}

/**
 * Keeps the balances that several gateways share, and lends parts of them. Rejects when it cannot be
 * reached; then it has granted nothing that this gateway knows of.
 *
 * What is spent counts by journal, as the larger of two figures: what its gateway states, and what
 * others have read in it. Both are stated in full, so that a budget which is set while calls are made,
 * and an authority that has lost its memory, have each journal counted once, whoever states it.
 */
export interface LeaseAuthority {
  exchange(requests: readonly LeaseRequest[]): Promise<LeaseReply>;
  /** Asks the other gateways to hand back what they do not need of these accounts. */
  recall(accountKeys: readonly string[]): Promise<void>;
  /** Calls back when another gateway recalls accounts. */
  onRecall(listener: (accountKeys: readonly string[]) => void): void;
}
