import type { Amounts, BudgetMeasure } from './budget.js';
import { countedParts, partAt, type BudgetWindow } from './budget-window.js';
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
  part: number;
  committed: bigint;
  reserved: bigint;
}

interface Account {
  window: BudgetWindow;
  cells: Cell[];
  /** The part in which the soft threshold was last announced. */
  warnedIn: number;
}

interface Hold {
  cells: readonly Cell[];
  measures: readonly BudgetMeasure[];
  amounts: Amounts;
  expiresAt: number;
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
    const denials: AccountBalance[] = [];
    const warnings: BudgetWarning[] = [];
    const cells: Cell[] = [];
    for (const account of accounts) {
      const { state, cell, used } = this.#open(account, at);
      cells.push(cell);
      const after = used + amounts[account.measure];
      if (after <= account.soft) continue;
      const balance = { account, used, remaining: account.limit - used };
      if (after > account.limit) {
        if (account.enforced) denials.push(balance);
        else warnings.push({ ...balance, level: 'over' });
      } else if (!(cell.part - state.warnedIn < countedParts(account.window))) {
        warnings.push({ ...balance, level: 'soft' });
      }
    }
    if (denials.length > 0) return { admitted: false, denials };
    for (const { account, level } of warnings) {
      if (level === 'soft') this.#markWarned(account, at);
    }
    const measures = accounts.map(({ measure }) => measure);
    cells.forEach((cell, index) => (cell.reserved += amounts[measures[index]!]));
    const expiresAt = at + this.#holdMilliseconds;
    this.#holds.set(id, { cells, measures, amounts, expiresAt, expired: false });
    return { admitted: true, repeated: false, warnings };
  }

  /** Replaces the hold by what the call took. Also right after the hold has expired, and when repeated. */
  settle(id: string, actual: Amounts): SettleResult {
    const hold = this.#holds.get(id);
    if (hold === undefined) return this.#settled.has(id) ? 'repeated' : 'unknown';
    hold.cells.forEach((cell, index) => {
      const measure = hold.measures[index]!;
      if (!hold.expired) cell.reserved -= hold.amounts[measure];
      else if (this.#expiry === 'hold') cell.committed -= hold.amounts[measure];
      cell.committed += actual[measure];
    });
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
          const amount = hold.amounts[hold.measures[index]!];
          cell.reserved -= amount;
          if (this.#expiry === 'hold') cell.committed += amount;
        });
      }
      if (hold.expiresAt + this.#holdMilliseconds <= at) this.#holds.delete(id);
    }
    return count;
  }

  /** Books what is known to have been spent already: at a start, from the ledger. */
  restore(account: Pick<AccountReference, 'key' | 'window'>, amount: bigint, at: number): void {
    let state = this.#accounts.get(account.key);
    if (state === undefined) {
      state = { window: account.window, cells: [], warnedIn: Number.NaN };
      this.#accounts.set(account.key, state);
    }
    const part = partAt(account.window, at);
    const cell = state.cells.find((known) => known.part === part);
    if (cell === undefined) state.cells.push({ part, committed: amount, reserved: 0n });
    else cell.committed += amount;
  }

  /** Drops accounts by their keys. Calls that hold there settle without effect. */
  forget(isGone: (key: string) => boolean): void {
    for (const key of this.#accounts.keys()) if (isGone(key)) this.#accounts.delete(key);
  }

  balance(account: AccountReference, at: number): { committed: bigint; reserved: bigint } {
    const first = partAt(account.window, at) - countedParts(account.window) + 1;
    let committed = 0n;
    let reserved = 0n;
    for (const cell of this.#accounts.get(account.key)?.cells ?? []) {
      if (cell.part < first) continue;
      committed += cell.committed;
      reserved += cell.reserved;
    }
    return { committed, reserved };
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

  /** The account with its present cell, and what its counted cells come to. */
  #open(
    reference: Pick<AccountReference, 'key' | 'window'>,
    at: number,
  ): { state: Account; cell: Cell; used: bigint } {
    let state = this.#accounts.get(reference.key);
    if (state === undefined) {
      state = { window: reference.window, cells: [], warnedIn: Number.NaN };
      this.#accounts.set(reference.key, state);
    }
    const { cells } = state;
    const part = partAt(reference.window, at);
    const first = part - countedParts(reference.window) + 1;
    let used = 0n;
    let cell: Cell | undefined;
    for (const known of cells) {
      if (known.part < first) continue;
      // A clock that was set back finds its later cells counted: the limit holds all the same.
      used += known.committed + known.reserved;
      if (known.part === part) cell = known;
    }
    if (cell === undefined) {
      cell = { part, committed: 0n, reserved: 0n };
      // Cells that no longer count live on in the holds that refer to them.
      if (cells.length > 0) state.cells = cells.filter((known) => known.part >= first);
      state.cells.push(cell);
    }
    return { state, cell, used };
  }

  #markWarned(reference: AccountReference, at: number): void {
    const state = this.#accounts.get(reference.key);
    if (state !== undefined) state.warnedIn = partAt(reference.window, at);
  }
}
