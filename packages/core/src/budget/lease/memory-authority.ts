import { countedParts } from '../budget-window.js';
import type { ExpiryPolicy } from '../escrow.js';
import type { LeaseAuthority, LeaseGrant, LeaseReply, LeaseRequest } from './lease-authority.js';

/** What one journal has spent in an account and a part of time. */
interface Spending {
  /** As its gateway states it. */
  stated: bigint;
  /** As others have read it. */
  floor: bigint;
  /** What gateways of it that died had kept, where that counts as spent. */
  buried: bigint;
  /** Which gateway states it, and what was known beyond what its journal holds. */
  by: { gateway: string; beyond: bigint } | null;
}

interface Cell {
  /** By journal. */
  spending: Map<string, Spending>;
  /** By gateway. */
  kept: Map<string, bigint>;
}

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
  /** account key → part */
  readonly #book = new Map<string, Map<number, Cell>>();
  readonly #gateways = new Map<string, { source: string; seen: number; isLive: boolean }>();
  /** By journal: the gateway that writes it. */
  readonly #writers = new Map<string, string>();
  readonly #listeners = new Map<string, (keys: readonly string[]) => void>();

  constructor(options: SharedBalancesOptions) {
    this.#options = options;
  }

  /** The authority as one gateway sees it. @param source the journal that the gateway writes */
  authority(gateway: string, source = gateway): LeaseAuthority {
    return {
      exchange: async (requests) => this.#exchange(gateway, source, requests),
      recall: async (keys) => {
        for (const [other, listener] of this.#listeners) if (other !== gateway) listener(keys);
      },
      onRecall: (listener) => void this.#listeners.set(gateway, listener),
    };
  }

  /** All that gateways spent or keep, for tests and displays. */
  total(accountKey: string, part: number): { spent: bigint; kept: bigint } {
    const cell = this.#book.get(accountKey)?.get(part);
    return cell === undefined
      ? { spent: 0n, kept: 0n }
      : { spent: spentIn(cell), kept: keptIn(cell) };
  }

  #exchange(gateway: string, source: string, requests: readonly LeaseRequest[]): LeaseReply {
    const now = this.#options.now();
    const known = this.#gateways.get(gateway);
    const writer = this.#writers.get(source);
    if (writer !== gateway) {
      if (known !== undefined && writer !== undefined) {
        throw new Error(`${gateway} has a successor: ${writer} writes its journal.`);
      }
      // A journal has one gateway at a time: what the one before kept without having spent it is free.
      if (writer !== undefined) {
        this.#gateways.get(writer)!.isLive = false;
        this.#bury(writer, source, 'refund');
      }
      this.#writers.set(source, gateway);
    }
    this.#gateways.set(gateway, { source, seen: now, isLive: true });
    for (const [other, one] of this.#gateways) {
      if (!one.isLive || now - one.seen < this.#options.patienceMilliseconds) continue;
      one.isLive = false;
      this.#bury(other, one.source, this.#options.expiry);
    }
    const grants = requests.map((request) => this.#answer(gateway, source, request));
    const gateways = [...this.#gateways.values()].filter(({ isLive }) => isLive).length;
    return { grants, gateways, granting: true, restate: known?.isLive === false, now };
  }

  #answer(gateway: string, source: string, request: LeaseRequest): LeaseGrant {
    const { account, part, spent, base, kept, want, atLeast, floors = [] } = request;
    const cell = this.#cell(account.key, part);
    if (base !== null) {
      const own = spendingOf(cell, source);
      if (own.by?.gateway !== gateway) {
        own.by = { gateway, beyond: own.stated > base ? own.stated - base : 0n };
      }
      own.stated = spent + own.by.beyond;
      own.buried = 0n;
    }
    for (const floor of floors) {
      // Of its own journal a gateway states all there is.
      if (floor.source === source) continue;
      const other = spendingOf(cell, floor.source);
      if (floor.spent > other.floor) other.floor = floor.spent;
    }
    cell.kept.set(gateway, kept);
    let used = 0n;
    let keptByOthers = 0n;
    const first = part - countedParts(account.window) + 1;
    for (const [number, counted] of this.#book.get(account.key)!) {
      if (number < first || number > part) continue;
      const keptByAll = keptIn(counted);
      used += spentIn(counted) + keptByAll;
      keptByOthers += keptByAll - (counted.kept.get(gateway) ?? 0n);
    }
    const remaining = account.limit - used;
    const fits = want > 0n && remaining >= atLeast && remaining > 0n;
    const granted = fits ? (want < remaining ? want : remaining) : 0n;
    cell.kept.set(gateway, kept + granted);
    return { granted, remaining: remaining - granted, keptByOthers };
  }

  #cell(key: string, part: number): Cell {
    let parts = this.#book.get(key);
    if (parts === undefined) this.#book.set(key, (parts = new Map<number, Cell>()));
    let cell = parts.get(part);
    if (cell === undefined) parts.set(part, (cell = { spending: new Map(), kept: new Map() }));
    return cell;
  }

  /** Ends the leases of a gateway. One that comes back states what it did spend. */
  #bury(gateway: string, source: string, how: ExpiryPolicy): void {
    for (const parts of this.#book.values()) {
      for (const cell of parts.values()) {
        const kept = cell.kept.get(gateway) ?? 0n;
        cell.kept.delete(gateway);
        if (kept > 0n && how === 'hold') spendingOf(cell, source).buried += kept;
      }
    }
  }
}

function spendingOf({ spending }: Cell, source: string): Spending {
  let known = spending.get(source);
  if (known === undefined) {
    known = { stated: 0n, floor: 0n, buried: 0n, by: null };
    spending.set(source, known);
  }
  return known;
}

function spentIn({ spending }: Cell): bigint {
  let sum = 0n;
  for (const { stated, floor, buried } of spending.values()) {
    sum += (stated > floor ? stated : floor) + buried;
  }
  return sum;
}

function keptIn({ kept }: Cell): bigint {
  let sum = 0n;
  for (const amount of kept.values()) sum += amount;
  return sum;
}
