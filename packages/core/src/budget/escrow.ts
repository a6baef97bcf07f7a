import type { Amounts, BudgetMeasure } from './budget.js';
import { countedParts, partAt, startOfPart, type BudgetWindow } from './budget-window.js';
import { RecentIds } from './recent-ids.js';

/** One limit that a call must fit under: a budget, the values of its scope, and one measure. */
export interface AccountReference {
  /** The same for the same account, on every gateway. */
  key: string;
  budget: string;
  measure: BudgetMeasure;
  window: BudgetWindow;
  limit: bigint;
  /** From this amount on the account warns. */
  soft: bigint;
  /** False: more than the limit is let pass, with a warning. */
  enforced: boolean;
}

export interface ReserveRequest {
  /** The call's id: reserving twice under one id is reserving once. */
  id: string;
  accounts: readonly AccountReference[];
  amounts: Amounts;
  /** Milliseconds since the epoch. */
  at: number;
}

/** What an account said to a call. */
export interface AccountBalance {
  account: AccountReference;
  /** Spent and held, without this call. */
  used: bigint;
  /** Limit − used; below zero where more was spent than held. */
  remaining: bigint;
}

export type ReserveResult =
  | { admitted: true; repeated: boolean; warnings: readonly BudgetWarning[] }
  | {
      admitted: false;
      denials: readonly AccountBalance[];
      /** Set when the shared balance could not be asked: it may not be used up. */
      unavailable?: true;
    };

export interface BudgetWarning extends AccountBalance {
  /** `soft` comes once for each account and window; `over` with every call. */
  level: 'soft' | 'over';
}

export type SettleResult = 'settled' | 'repeated' | 'unknown';

/** What becomes of a hold whose call was never heard of again. */
export type ExpiryPolicy =
  /** It counts as spent, whole; a late settlement corrects it. Never overspends. */
  | 'hold'
  /** It is given back. Always available, and overspends by what those calls did cost. */
  | 'refund';

export interface EscrowOptions {
  expiry?: ExpiryPolicy;
  /** How long a call may run before its hold expires. Default one hour. */
  holdMilliseconds?: number;
  /** How many settled ids are remembered at least, to tell repetitions. Default 100,000. */
  settledIds?: number;
}

/** An account as plain data. */
export interface AccountState {
  key: string;
  window: BudgetWindow;
  parts: readonly {
    readonly part: number;
    readonly committed: bigint;
    readonly reserved: bigint;
  }[];
}

interface Cell {
  readonly account: Account;
  readonly part: number;
  committed: bigint;
  reserved: bigint;
  /** No longer among the account's cells: it lives on in holds only. */
  dropped: boolean;
}

interface Account {
  window: BudgetWindow;
  cells: Cell[];
  /** The part in which the soft threshold was last announced. */
  warnedIn: number;
  /** The part of time that was last asked about, and when it begins and ends: most calls are of the same. */
  part: number;
  from: number;
  until: number;
  /** The first part that counts with it. */
  first: number;
  /** Its own cell, where it has one. */
  present: Cell | null;
  /** What stands in all other cells that count. */
  otherCommitted: bigint;
  otherReserved: bigint;
}

interface Hold {
  readonly accounts: readonly AccountReference[];
  /** One for each account. */
  readonly cells: readonly Cell[];
  readonly amounts: Amounts;
  readonly expiresAt: number;
  expired: boolean;
}

/**
 * Escrow: a call reserves what it may take in all its accounts or in none, and settles what it took.
 *
 * Theorem. If every admission requires committed + reserved + rᵢ ≤ limit, and no hold is given back
 * before the true cost of its call is booked, then spend ≤ limit + Σ (aᵢ − rᵢ)⁺ over admitted calls;
 * it is ≤ limit when no call takes more than it reserved. Between admissions committed + reserved
 * only changes by aᵢ − rᵢ (docs/budgets.md).
 *
 * A pure state machine: no clock, no I/O. Settlements count in the window of the admission.
 */
export class Escrow {
  readonly #accounts = new Map<string, Account>();
  readonly #holds = new Map<string, Hold>();
  readonly #settled: RecentIds;
  readonly #expiry: ExpiryPolicy;
  readonly #holdMilliseconds: number;

  constructor(options: EscrowOptions = {}) {
    this.#expiry = options.expiry ?? 'hold';
    this.#holdMilliseconds = options.holdMilliseconds ?? 3_600_000;
    this.#settled = new RecentIds(options.settledIds ?? 100_000);
  }

  reserve({ id, accounts, amounts, at }: ReserveRequest): ReserveResult {
    if (this.#holds.has(id) || this.#settled.has(id)) {
      return { admitted: true, repeated: true, warnings: [] };
    }
    let denials: AccountBalance[] | null = null;
    let warnings: BudgetWarning[] | null = null;
    const cells: Cell[] = [];
    for (const account of accounts) {
      const state = this.#open(account, at);
      const cell = state.present ?? addPresent(state);
      cells.push(cell);
      const used = usedOf(state);
      const after = used + amounts[account.measure];
      if (after <= account.soft) continue;
      const balance = { account, used, remaining: account.limit - used };
      if (after > account.limit) {
        if (account.enforced) (denials ??= []).push(balance);
        else (warnings ??= []).push({ ...balance, level: 'over' });
      } else if (!(cell.part - state.warnedIn < countedParts(account.window))) {
        (warnings ??= []).push({ ...balance, level: 'soft' });
      }
    }
    if (denials !== null) return { admitted: false, denials };
    for (const { account, level } of warnings ?? none) {
      if (level === 'soft') this.#markWarned(account, at);
    }
    for (let index = 0; index < cells.length; index++) {
      cells[index]!.reserved += amounts[accounts[index]!.measure];
    }
    const expiresAt = at + this.#holdMilliseconds;
    this.#holds.set(id, { accounts, cells, amounts, expiresAt, expired: false });
    return { admitted: true, repeated: false, warnings: warnings ?? none };
  }

  /** Replaces the hold by what the call took. Also right after the hold has expired, and when repeated. */
  settle(id: string, actual: Amounts): SettleResult {
    const hold = this.#holds.get(id);
    if (hold === undefined) return this.#settled.has(id) ? 'repeated' : 'unknown';
    const { cells, accounts, amounts, expired } = hold;
    for (let index = 0; index < cells.length; index++) {
      const { measure } = accounts[index]!;
      const held = amounts[measure];
      const taken = actual[measure];
      if (!expired) change(cells[index]!, taken, -held);
      else change(cells[index]!, this.#expiry === 'hold' ? taken - held : taken, 0n);
    }
    this.#holds.delete(id);
    this.#settled.add(id);
    return 'settled';
  }

  /**
   * Ends holds whose time is over. They stay known, so that a late settlement still corrects them,
   * for as long again. Returns how many expired now.
   */
  expire(at: number): number {
    let count = 0;
    // Holds last equally long and stand in the order of their making, so the first live one ends the search.
    for (const [id, hold] of this.#holds) {
      if (hold.expiresAt > at) break;
      if (!hold.expired) {
        hold.expired = true;
        count += 1;
        hold.cells.forEach((cell, index) => {
          const amount = hold.amounts[hold.accounts[index]!.measure];
          change(cell, this.#expiry === 'hold' ? amount : 0n, -amount);
        });
      }
      if (hold.expiresAt + this.#holdMilliseconds <= at) this.#holds.delete(id);
    }
    return count;
  }

  /** Books what is known to have been spent already: at a start, from the ledger. */
  restore(account: Pick<AccountReference, 'key' | 'window'>, amount: bigint, at: number): void {
    const state = this.#account(account);
    const part = partAt(account.window, at);
    let cell = state.cells.find((known) => known.part === part);
    if (cell === undefined) {
      cell = newCell(state, part);
      state.cells.push(cell);
      if (part === state.part) state.present = cell;
    }
    change(cell, amount, 0n);
  }

  /** Drops accounts by their keys. Calls that hold there settle without effect. */
  forget(isGone: (key: string) => boolean): void {
    for (const key of this.#accounts.keys()) if (isGone(key)) this.#accounts.delete(key);
  }

  balance(account: AccountReference, at: number): { committed: bigint; reserved: bigint } {
    const state = this.#accounts.get(account.key);
    if (state === undefined) return { committed: 0n, reserved: 0n };
    turnTo(state, at);
    const { present, otherCommitted, otherReserved } = state;
    if (present === null) return { committed: otherCommitted, reserved: otherReserved };
    return {
      committed: otherCommitted + present.committed,
      reserved: otherReserved + present.reserved,
    };
  }

  /** All accounts with what stands in each part of time: for a snapshot. Expired holds are in `committed`. */
  *accounts(): Generator<AccountState> {
    for (const [key, { window, cells }] of this.#accounts) yield { key, window, parts: cells };
  }

  /** Forgets accounts in which nothing counts any more: those of users who are gone. Call it now and then. */
  prune(at: number): void {
    for (const [key, { window, cells }] of this.#accounts) {
      const first = partAt(window, at) - countedParts(window) + 1;
      if (cells.every(({ part }) => part < first)) this.#accounts.delete(key);
    }
  }

  get liveHolds(): number {
    let count = 0;
    for (const hold of this.#holds.values()) if (!hold.expired) count += 1;
    return count;
  }

  /** The account as it is at this time. */
  #open(reference: Pick<AccountReference, 'key' | 'window'>, at: number): Account {
    const state = this.#account(reference);
    turnTo(state, at);
    return state;
  }

  #account({ key, window }: Pick<AccountReference, 'key' | 'window'>): Account {
    let state = this.#accounts.get(key);
    if (state === undefined) {
      state = newAccount(window);
      this.#accounts.set(key, state);
    }
    return state;
  }

  #markWarned(reference: AccountReference, at: number): void {
    const state = this.#accounts.get(reference.key);
    if (state !== undefined) state.warnedIn = partAt(reference.window, at);
  }
}

const none: readonly BudgetWarning[] = [];

function newAccount(window: BudgetWindow): Account {
  return {
    window,
    cells: [],
    warnedIn: Number.NaN,
    part: Number.NaN,
    // Nothing was asked yet: no time is within.
    from: Number.POSITIVE_INFINITY,
    until: Number.NEGATIVE_INFINITY,
    first: Number.NaN,
    present: null,
    otherCommitted: 0n,
    otherReserved: 0n,
  };
}

function newCell(account: Account, part: number): Cell {
  return { account, part, committed: 0n, reserved: 0n, dropped: false };
}

/** Takes the sums anew when another part of time has begun. */
function turnTo(account: Account, at: number): void {
  if (at >= account.from && at < account.until) return;
  const { window } = account;
  const part = partAt(window, at);
  account.part = part;
  account.from = startOfPart(window, part);
  account.until =
    window.unit === 'total' ? Number.POSITIVE_INFINITY : startOfPart(window, part + 1);
  account.first = part - countedParts(window) + 1;
  account.present = null;
  account.otherCommitted = 0n;
  account.otherReserved = 0n;
  for (const cell of account.cells) {
    if (cell.part === part) account.present = cell;
    // A clock that was set back finds its later cells counted: the limit holds all the same.
    else if (cell.part >= account.first) {
      account.otherCommitted += cell.committed;
      account.otherReserved += cell.reserved;
    }
  }
}

function addPresent(account: Account): Cell {
  const cell = newCell(account, account.part);
  const { first } = account;
  account.cells = account.cells.filter((known) => {
    known.dropped = known.part < first;
    return !known.dropped;
  });
  account.cells.push(cell);
  account.present = cell;
  return cell;
}

function usedOf({ present, otherCommitted, otherReserved }: Account): bigint {
  const own = present === null ? 0n : present.committed + present.reserved;
  return otherCommitted === 0n && otherReserved === 0n ? own : own + otherCommitted + otherReserved;
}

/** Adds to what stands in a cell, and to its account's sum where the cell counts in it. */
function change(cell: Cell, committed: bigint, reserved: bigint): void {
  cell.committed += committed;
  cell.reserved += reserved;
  const { account, part } = cell;
  if (cell === account.present || cell.dropped || !(part >= account.first)) return;
  account.otherCommitted += committed;
  account.otherReserved += reserved;
}
