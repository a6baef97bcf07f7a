import type { Balance, BudgetLedger } from '../admit.js';
import type { Amounts, BudgetMeasure, UnavailablePolicy } from '../budget.js';
import { partAt } from '../budget-window.js';
import type {
  AccountBalance,
  AccountReference,
  BudgetWarning,
  ReserveRequest,
  ReserveResult,
  SettleResult,
} from '../escrow.js';
import { RecentIds } from '../recent-ids.js';
import type { LeaseAuthority, LeaseRequest } from './lease-authority.js';
import { LeaseSlot } from './lease-slot.js';

export interface LeasedLedgerOptions {
  authority: LeaseAuthority;
  /** What holds for a budget while the authority cannot be reached. */
  unavailable: (budget: string) => UnavailablePolicy;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Waits; injected so that tests need no real time. */
  sleep: (milliseconds: number) => Promise<void>;
  /** A gateway asks for at most this part of what remains, divided by the gateways. Default 2: half its share. */
  shareDivisor?: number;
  /** How long a call may run before its hold is booked as spent. Default one hour. */
  holdMilliseconds?: number;
  /** How long a refused account is not asked for again. Default 100 ms. */
  denialMilliseconds?: number;
  /** How long a call waits for other gateways to hand back what they do not need. Default 40 ms. */
  recallMilliseconds?: number;
  /** How long after a failure the authority is not asked. Default 250 ms. */
  retryMilliseconds?: number;
}

interface Hold {
  slots: readonly LeaseSlot[];
  measures: readonly BudgetMeasure[];
  amounts: Amounts;
  expiresAt: number;
  expired: boolean;
}

const settledIds = 100_000;

/**
 * One gateway's side of a budget that several share. It leases parts of the balance in advance and
 * admits calls against them on its own, so that most calls wait for nobody; what it leased and did
 * not spend goes back. Every account is an escrow of its own, hence spend stays within the limit as
 * it does with one escrow (docs/budgets.md).
 */
export class LeasedLedger implements BudgetLedger {
  readonly #options: Required<LeasedLedgerOptions>;
  readonly #slots = new Map<string, LeaseSlot>();
  readonly #holds = new Map<string, Hold>();
  readonly #settled = new RecentIds(settledIds);
  /** Difference between the authority's clock and this one. */
  #clockOffset = 0;
  #gateways = 1;
  #exchanging: Promise<void> | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;
  readonly #asking = new Set<LeaseSlot>();

  constructor(options: LeasedLedgerOptions) {
    this.#options = {
      shareDivisor: 2,
      holdMilliseconds: 3_600_000,
      denialMilliseconds: 100,
      recallMilliseconds: 40,
      retryMilliseconds: 250,
      ...options,
    };
    options.authority.onRecall((keys) => this.#handBack(new Set(keys)));
  }

  reserve(request: ReserveRequest): ReserveResult | Promise<ReserveResult> {
    if (this.#holds.has(request.id) || this.#settled.has(request.id)) {
      return { admitted: true, repeated: true, warnings: [] };
    }
    const slots = this.#slotsOf(request);
    const lacking = this.#lacking(slots, request.amounts);
    if (lacking.length === 0) return this.#admit(request, slots);
    const now = this.#options.now();
    const known = lacking.filter((slot) => slot.isDenied(request.amounts[slot.measure], now));
    if (known.length > 0) return { admitted: false, denials: known.map(denialOf) };
    return this.#reserveWithLease(request);
  }

  settle(id: string, actual: Amounts): SettleResult {
    const hold = this.#holds.get(id);
    if (hold === undefined) return this.#settled.has(id) ? 'repeated' : 'unknown';
    hold.slots.forEach((slot, index) => {
      const measure = hold.measures[index]!;
      if (hold.expired) slot.correct(hold.amounts[measure], actual[measure]);
      else slot.settle(hold.amounts[measure], actual[measure]);
    });
    this.#holds.delete(id);
    this.#settled.add(id);
    return 'settled';
  }

  balance(account: AccountReference, at: number): Balance {
    const slot = this.#slots.get(slotKey(account, this.#partOf(account, at)));
    // Until the authority was asked, the whole limit may be there: only `reserve` decides.
    return slot === undefined
      ? { committed: 0n, reserved: 0n }
      : { committed: account.limit - slot.left, reserved: 0n };
  }

  /**
   * Reports what was spent, hands back what is idle, books expired holds. To be called about once a
   * second: gateways that are silent for longer than the authority's patience lose their leases.
   */
  async maintain(): Promise<void> {
    const now = this.#options.now();
    for (const [id, hold] of this.#holds) {
      if (hold.expiresAt > now) break;
      if (!hold.expired) {
        hold.expired = true;
        hold.slots.forEach((slot, index) => {
          const amount = hold.amounts[hold.measures[index]!];
          slot.settle(amount, amount);
        });
      }
      if (hold.expiresAt + this.#options.holdMilliseconds <= now) this.#holds.delete(id);
    }
    const present = now + this.#clockOffset;
    for (const [key, slot] of this.#slots) {
      slot.handBackIdle(slot.part !== partAt(slot.account.window, present));
      if (slot.isOver(present)) this.#slots.delete(key);
      else this.#asking.add(slot);
    }
    await this.#exchange();
  }

  /** Reports and hands everything back that no running call holds: at the end of a gateway. */
  async close(): Promise<void> {
    for (const slot of this.#slots.values()) {
      slot.handBack();
      this.#asking.add(slot);
    }
    await this.#exchange();
  }

  get liveHolds(): number {
    let count = 0;
    for (const hold of this.#holds.values()) if (!hold.expired) count += 1;
    return count;
  }

  async #reserveWithLease(request: ReserveRequest): Promise<ReserveResult> {
    const { amounts } = request;
    let recalled = false;
    for (let attempts = 0; ; attempts++) {
      const slots = this.#slotsOf(request);
      const lacking = this.#lacking(slots, amounts);
      if (lacking.length === 0) return this.#admit(request, slots);
      const now = this.#options.now();
      if (now - this.#failedAt < this.#options.retryMilliseconds) {
        return this.#withoutAuthority(request, slots, lacking);
      }
      for (const slot of lacking) slot.ask(amounts[slot.measure]);
      for (const slot of lacking) this.#asking.add(slot);
      await this.#exchange();
      for (const slot of lacking) slot.stopAsking(amounts[slot.measure]);
      if (this.#failedAt >= now) continue;
      const still = this.#lacking(slots, amounts);
      if (still.length === 0) continue;
      const elsewhere = still.every(
        (slot) => slot.keptByOthers >= amounts[slot.measure] - slot.left,
      );
      if (elsewhere && !recalled) {
        recalled = true;
        await this.#recall(still);
      } else if (
        attempts >= mostAttempts ||
        !still.some((slot) => slot.left >= amounts[slot.measure])
      ) {
        const until = this.#options.now() + this.#options.denialMilliseconds;
        for (const slot of still) slot.deny(amounts[slot.measure], until);
        return { admitted: false, denials: still.map(denialOf) };
      }
    }
  }

  async #recall(slots: readonly LeaseSlot[]): Promise<void> {
    try {
      await this.#options.authority.recall(slots.map(({ account }) => account.key));
    } catch {
      // Without an answer there is nothing to wait for; the next exchange says so.
    }
    await this.#options.sleep(this.#options.recallMilliseconds);
  }

  #admit({ id, amounts, accounts }: ReserveRequest, slots: readonly LeaseSlot[]): ReserveResult {
    const warnings: BudgetWarning[] = [];
    slots.forEach((slot, index) => {
      slot.hold(amounts[slot.measure]);
      const level = slot.warning(accounts[index]!);
      if (level !== null) warnings.push({ ...denialOf(slot), account: accounts[index]!, level });
    });
    this.#holds.set(id, {
      slots,
      measures: slots.map(({ measure }) => measure),
      amounts,
      expiresAt: this.#options.now() + this.#options.holdMilliseconds,
      expired: false,
    });
    return { admitted: true, repeated: false, warnings };
  }

  /** The authority cannot be reached: every budget says for itself what holds then. */
  #withoutAuthority(
    request: ReserveRequest,
    slots: readonly LeaseSlot[],
    lacking: readonly LeaseSlot[],
  ): ReserveResult {
    const refusing = lacking.filter((slot) => {
      const policy = this.#options.unavailable(slot.account.budget);
      return !slot.mayOverdraw(request.amounts[slot.measure], policy);
    });
    if (refusing.length > 0) {
      return { admitted: false, unavailable: true, denials: refusing.map(denialOf) };
    }
    for (const slot of lacking) slot.overdraw(request.amounts[slot.measure]);
    return this.#admit(request, slots);
  }

  /** One exchange at a time: whoever needs something while one is under way goes with the next. */
  async #exchange(): Promise<void> {
    while (this.#exchanging !== null) await this.#exchanging;
    if (this.#asking.size === 0) return;
    const slots = [...this.#asking];
    this.#asking.clear();
    this.#exchanging = this.#send(slots).finally(() => (this.#exchanging = null));
    await this.#exchanging;
  }

  async #send(slots: readonly LeaseSlot[]): Promise<void> {
    const requests: LeaseRequest[] = slots.map((slot) =>
      slot.request(this.#gateways * this.#options.shareDivisor),
    );
    try {
      const reply = await this.#options.authority.exchange(requests);
      this.#gateways = Math.max(1, reply.gateways);
      this.#clockOffset = reply.now - this.#options.now();
      slots.forEach((slot, index) => slot.granted(reply.grants[index]!));
      if (!reply.granting) this.#failedAt = this.#options.now();
    } catch {
      this.#failedAt = this.#options.now();
    }
  }

  #handBack(keys: ReadonlySet<string>): void {
    for (const slot of this.#slots.values()) {
      if (!keys.has(slot.account.key) || !slot.handBack()) continue;
      this.#asking.add(slot);
    }
    if (this.#asking.size > 0) void this.#exchange();
  }

  #lacking(slots: readonly LeaseSlot[], amounts: Amounts): LeaseSlot[] {
    return slots.filter((slot) => slot.account.enforced && slot.free < amounts[slot.measure]);
  }

  #slotsOf({ accounts, at }: ReserveRequest): LeaseSlot[] {
    return accounts.map((account) => {
      const part = this.#partOf(account, at);
      const key = slotKey(account, part);
      let slot = this.#slots.get(key);
      if (slot === undefined) {
        slot = new LeaseSlot(account, part);
        this.#slots.set(key, slot);
      }
      // A limit that was raised or lowered holds from the next call on.
      slot.account = account;
      return slot;
    });
  }

  #partOf(account: AccountReference, at: number): number {
    return partAt(account.window, at + this.#clockOffset);
  }
}

/** Grants may be eaten by other calls of this gateway before their asker wakes up; then it asks again. */
const mostAttempts = 8;

function slotKey(account: AccountReference, part: number): string {
  return `${account.key}\u001f${part}`;
}

function denialOf(slot: LeaseSlot): AccountBalance {
  return { account: slot.account, used: slot.account.limit - slot.left, remaining: slot.left };
}
