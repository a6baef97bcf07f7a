import type { BudgetMeasure, UnavailablePolicy } from '../budget.js';
import { countedParts, partAt } from '../budget-window.js';
import type { AccountReference } from '../escrow.js';
import type { LeaseFloor, LeaseGrant, LeaseRequest } from './lease-authority.js';

/** What one gateway knows of one account in one part of time. */
export class LeaseSlot {
  account: AccountReference;
  readonly part: number;
  /** Granted and neither spent nor handed back. */
  #kept = 0n;
  #held = 0n;
  #spent: bigint;
  /** What the journal held when counting began; null while it is being read. */
  #base: bigint | null;
  /** What other journals hold. */
  readonly #floors = new Map<string, bigint>();
  /** What the authority has heard last; null: it may lack it. */
  #told: { spent: bigint; kept: bigint } | null = null;
  #floorsTold = true;
  /** What calls are waiting for. */
  #asked = 0n;
  #atLeast = 0n;
  /** Let pass without the authority, and not covered by a grant yet. */
  #overdrawn = 0n;
  /** What was left for everybody at the last exchange, less what was granted here since; null: not asked yet. */
  #remaining: bigint | null = null;
  #keptByOthers = 0n;
  #deniedUntil = Number.NEGATIVE_INFINITY;
  #deniedFrom = 0n;
  #used = false;
  #softWarned = false;

  constructor(account: AccountReference, part: number, base: bigint | null = 0n) {
    this.account = account;
    this.part = part;
    this.#base = base;
    this.#spent = base ?? 0n;
  }

  get measure(): BudgetMeasure {
    return this.account.measure;
  }

  /** What a call may take here at once. */
  get free(): bigint {
    return this.#kept - this.#held;
  }

  /** What may be left of the limit, as far as this gateway knows. */
  get left(): bigint {
    return (this.#remaining ?? this.account.limit) + this.free;
  }

  get keptByOthers(): bigint {
    return this.#keptByOthers;
  }

  /** Held by calls here, and lent to other gateways. */
  get reserved(): bigint {
    return this.#held + this.#keptByOthers;
  }

  /** Whether what the journal holds is known. */
  get isKnown(): boolean {
    return this.#base !== null;
  }

  hold(amount: bigint): void {
    this.#held += amount;
    // Accounts that do not enforce hold without a lease.
    if (this.#held > this.#kept && !this.account.enforced) this.#kept = this.#held;
    this.#used = true;
  }

  settle(held: bigint, actual: bigint): void {
    this.#held -= held;
    this.#kept -= actual;
    this.#spent += actual;
    // More than was held: the rest was never leased, and the authority hears of it as spent.
    if (this.#kept < this.#held) this.#kept = this.#held;
    this.#used = true;
  }

  /** A call that was booked at its hold when that expired, and now says what it took. */
  correct(booked: bigint, actual: bigint): void {
    this.#spent += actual - booked;
    this.#used = true;
  }

  /** Something was spent that no call of this gateway held. */
  count(amount: bigint): void {
    this.#spent += amount;
  }

  /** What is spent here: what the journal held, and all since. */
  get spent(): bigint {
    return this.#spent;
  }

  /**
   * The journal was read.
   * @param spentBefore what `spent` was when the reading began: it is part of what the journal holds
   */
  rebase(base: bigint, spentBefore: bigint): void {
    this.#base = base;
    this.#spent += base - spentBefore;
  }

  floor({ source, spent }: LeaseFloor): void {
    if (spent <= (this.#floors.get(source) ?? 0n)) return;
    this.#floors.set(source, spent);
    this.#floorsTold = false;
  }

  /** Whether the authority knows all this. */
  get isTold(): boolean {
    if (this.#told === null) return this.#isBlank;
    const { spent, kept } = this.#stated();
    return this.#floorsTold && this.#told.spent === spent && this.#told.kept === kept;
  }

  /** The authority may have forgotten. */
  tellAgain(): void {
    this.#told = null;
    this.#floorsTold = this.#floors.size === 0;
  }

  get #isBlank(): boolean {
    return this.#spent === 0n && this.#kept === 0n && this.#floorsTold;
  }

  /** Where the journal is being read, what was spent is as good as kept: it was granted. */
  #stated(): { spent: bigint; kept: bigint } {
    if (this.#base !== null) return { spent: this.#spent, kept: this.#kept };
    const kept = this.#kept + this.#spent;
    return { spent: 0n, kept: kept > 0n ? kept : 0n };
  }

  ask(amount: bigint): void {
    this.#asked += amount;
    if (this.#atLeast === 0n || amount < this.#atLeast) this.#atLeast = amount;
  }

  stopAsking(amount: bigint): void {
    this.#asked -= amount;
    if (this.#asked <= 0n) {
      this.#asked = 0n;
      this.#atLeast = 0n;
    }
  }

  /** @param divisor how many such requests what remains should suffice for. */
  request(divisor: number): LeaseRequest {
    const { account, part } = this;
    const missing = (amount: bigint) => (amount > this.free ? amount - this.free : 0n);
    const fair = this.left > 0n ? this.left / BigInt(divisor) : 0n;
    const want = this.#asked === 0n ? 0n : missing(this.#asked);
    return {
      account,
      part,
      ...this.#stated(),
      base: this.#base,
      ...(this.#floors.size === 0
        ? {}
        : { floors: [...this.#floors].map(([source, spent]) => ({ source, spent })) }),
      want: want === 0n ? 0n : want > fair ? want : fair,
      atLeast: missing(this.#atLeast),
    };
  }

  /** @param sent what was stated: since then it may have changed. */
  granted({ granted, remaining, keptByOthers }: LeaseGrant, sent: LeaseRequest): void {
    this.#told = { spent: sent.spent, kept: sent.kept + granted };
    if ((sent.floors?.length ?? 0) === this.#floors.size) {
      this.#floorsTold =
        sent.floors?.every(({ source, spent }) => this.#floors.get(source) === spent) ?? true;
    }
    this.#kept += granted;
    this.#remaining = remaining;
    this.#keptByOthers = keptByOthers;
    this.#overdrawn = 0n;
    if (granted > 0n) this.#deniedUntil = Number.NEGATIVE_INFINITY;
  }

  deny(amount: bigint, until: number): void {
    this.#deniedUntil = until;
    this.#deniedFrom = amount;
  }

  isDenied(amount: bigint, now: number): boolean {
    return now < this.#deniedUntil && amount >= this.#deniedFrom;
  }

  mayOverdraw(amount: bigint, policy: UnavailablePolicy): boolean {
    if (policy.mode === 'closed') return false;
    if (policy.mode === 'open') return true;
    const allowance = policy.amounts[this.measure];
    return allowance !== undefined && this.#overdrawn + amount <= allowance;
  }

  overdraw(amount: bigint): void {
    this.#overdrawn += amount;
    this.#kept += amount;
  }

  /** Gives up what no call holds. False when there was nothing. */
  handBack(): boolean {
    if (this.free <= 0n) return false;
    this.#kept = this.#held;
    return true;
  }

  /** Gives up what no call asked for since the last time, or all when the part is over. */
  handBackIdle(over: boolean): void {
    if (over || !this.#used) this.handBack();
    this.#used = false;
  }

  /** Whether nothing of this slot can matter any more. */
  isOver(at: number): boolean {
    const { window } = this.account;
    return this.#held === 0n && this.part < partAt(window, at) - 2 * countedParts(window);
  }

  warning({ limit, soft }: AccountReference): 'soft' | 'over' | null {
    const used = limit - this.left;
    if (used > limit) return 'over';
    if (used <= soft || this.#softWarned) return null;
    this.#softWarned = true;
    return 'soft';
  }
}
