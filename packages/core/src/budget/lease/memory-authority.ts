import { countedParts } from '../budget-window.js';
import type { ExpiryPolicy } from '../escrow.js';
import type { LeaseAuthority, LeaseGrant, LeaseReply, LeaseRequest } from './lease-authority.js';

interface Counter {
  spent: bigint;
  kept: bigint;
}

/** account key → part → gateway → what that gateway spent and keeps there. */
type Book = Map<string, Map<number, Map<string, Counter>>>;

export interface SharedBalancesOptions {
  now: () => number;
  /** After so long a silence a gateway counts as dead. */
  patienceMilliseconds: number;
  /** Whether what a dead gateway kept counts as spent, or is given back. */
  expiry: ExpiryPolicy;
}

/**
 * The lease authority in memory: what the shared one does, without a network. Specification of the
 * others, and what gateways of one process share.
 */
export class SharedBalances {
  readonly #options: SharedBalancesOptions;
  readonly #book: Book = new Map();
  readonly #seen = new Map<string, number>();
  readonly #listeners = new Map<string, (keys: readonly string[]) => void>();

  constructor(options: SharedBalancesOptions) {
    this.#options = options;
  }

  /** The authority as one gateway sees it. */
  authority(gateway: string): LeaseAuthority {
    return {
      exchange: async (requests) => this.#exchange(gateway, requests),
      recall: async (keys) => {
        for (const [other, listener] of this.#listeners) if (other !== gateway) listener(keys);
      },
      onRecall: (listener) => void this.#listeners.set(gateway, listener),
    };
  }

  /** All that gateways spent or keep, for tests and displays. */
  total(accountKey: string, part: number): Counter {
    const total = { spent: 0n, kept: 0n };
    for (const { spent, kept } of this.#book.get(accountKey)?.get(part)?.values() ?? []) {
      total.spent += spent;
      total.kept += kept;
    }
    return total;
  }

  #exchange(gateway: string, requests: readonly LeaseRequest[]): LeaseReply {
    const now = this.#options.now();
    this.#bury(now);
    this.#seen.set(gateway, now);
    const grants = requests.map((request) => this.#answer(gateway, request));
    return { grants, gateways: this.#seen.size, granting: true, now };
  }

  #answer(gateway: string, request: LeaseRequest): LeaseGrant {
    const { account, part, spent, kept, want, atLeast } = request;
    const parts = this.#parts(account.key);
    let gateways = parts.get(part);
    if (gateways === undefined) parts.set(part, (gateways = new Map<string, Counter>()));
    const own = { spent, kept };
    gateways.set(gateway, own);
    let used = 0n;
    let keptByOthers = 0n;
    const first = part - countedParts(account.window) + 1;
    for (const [number, counters] of parts) {
      if (number < first) continue;
      for (const [name, counter] of counters) {
        used += counter.spent + counter.kept;
        if (name !== gateway) keptByOthers += counter.kept;
      }
    }
    const remaining = account.limit - used;
    const fits = want > 0n && remaining >= atLeast && remaining > 0n;
    const granted = fits ? (want < remaining ? want : remaining) : 0n;
    own.kept += granted;
    return { granted, remaining: remaining - granted, keptByOthers };
  }

  #parts(key: string): Map<number, Map<string, Counter>> {
    let parts = this.#book.get(key);
    if (parts === undefined) this.#book.set(key, (parts = new Map<number, Map<string, Counter>>()));
    return parts;
  }

  /** Ends the leases of gateways that are silent. One that comes back states what it did spend. */
  #bury(now: number): void {
    for (const [gateway, at] of this.#seen) {
      if (now - at < this.#options.patienceMilliseconds) continue;
      this.#seen.delete(gateway);
      for (const parts of this.#book.values()) {
        for (const gateways of parts.values()) {
          const counter = gateways.get(gateway);
          if (counter === undefined) continue;
          if (this.#options.expiry === 'hold') counter.spent += counter.kept;
          counter.kept = 0n;
        }
      }
    }
  }
}
