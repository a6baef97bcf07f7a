import type { Balance, BudgetLedger } from '../admission-request.js';
import type { Amounts, BudgetMeasure, UnavailablePolicy } from '../budget.js';
import { countedParts, partAt } from '../budget-window.js';
import type {
  AccountBalance,
  AccountReference,
  AccountState,
  BudgetWarning,
  ReserveRequest,
  ReserveResult,
  SettleResult,
} from '../escrow.js';
import { RecentIds } from '../recent-ids.js';
import type { LeaseAuthority, LeaseFloor } from './lease-authority.js';
import { LeaseSlot } from './lease-slot.js';

/** What journals hold of an account in one part of time. */
export interface RecordedSpending {
  part: number;
  /** In the journal of this gateway, from before it began to count. */
  own: bigint;
  /** In other journals that this gateway can read. */
  others: readonly LeaseFloor[];
}

export interface LeasedLedgerOptions {
  authority: LeaseAuthority;
  /**
   * What is on record of an account; parts of time in which there is nothing may be left out. Null
   * while that is being found out: see `beginReading`.
   */
  recorded?: (account: AccountReference) => readonly RecordedSpending[] | null;
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
/** Accounts that are told of in one message: a server that serves others must not be held up. */
const mostTold = 256;
/** Accounts of which nothing changed here are asked about now and then, because others spend there. */
const mostRefreshed = 200;

/**
 * One gateway's side of a budget that several share. It leases parts of the balance in advance and
 * admits calls against them on its own, so that most calls wait for nobody; what it leased and did
 * not spend goes back. Every account is an escrow of its own, hence spend stays within the limit as
 * it does with one escrow (docs/budgets.md).
 */
export class LeasedLedger implements BudgetLedger {
  readonly #options: Required<Omit<LeasedLedgerOptions, 'recorded'>> &
    Pick<LeasedLedgerOptions, 'recorded'>;
  readonly #slots = new Map<string, LeaseSlot>();
  readonly #holds = new Map<string, Hold>();
  readonly #settled = new RecentIds(settledIds);
  /** Difference between the authority's clock and this one. */
  #clockOffset = 0;
  #gateways = 1;
  #exchanging: Promise<void> | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;
  readonly #asking = new Set<LeaseSlot>();
  #heard = 0;
  #telling: Promise<void> | null = null;
  /** Counts turns of `maintain`, which refresh one share of the accounts each. */
  #turn = 0;

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
    const slot = this.#slots.get(slotKey(account.key, this.#partOf(account, at)));
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
    const shares = Math.ceil(this.#slots.size / mostRefreshed);
    this.#turn += 1;
    let place = this.#turn;
    for (const [key, slot] of this.#slots) {
      slot.handBackIdle(slot.part !== partAt(slot.account.window, present));
      if (slot.isOver(present)) this.#slots.delete(key);
      else if ((place += 1) % shares === 0) this.#asking.add(slot);
    }
    await this.#exchange('always');
    await this.#tell();
  }

  /** Reports and hands everything back that no running call holds: at the end of a gateway. */
  async close(): Promise<void> {
    for (const slot of this.#slots.values()) slot.handBack();
    await this.#tell();
  }

  /** Counts what was spent without having been held: a call that is booked when it is over. */
  count(account: AccountReference, amount: bigint, at: number): void {
    this.#slot(account, this.#partOf(account, at)).count(amount);
  }

  /** What this gateway's journal holds, as far as it is known, of each account. */
  *spending(): Generator<{ account: AccountReference; part: number; spent: bigint }> {
    for (const slot of this.#slots.values()) {
      if (slot.isKnown) yield { account: slot.account, part: slot.part, spent: slot.spent };
    }
  }

  /** Accounts that calls of this gateway are of, as they were when Redis was last asked. */
  *accounts(at: number): Generator<AccountState> {
    for (const slot of this.#slots.values()) {
      const { account, part } = slot;
      if (part !== this.#partOf(account, at)) continue;
      const reserved = slot.reserved;
      const committed = account.limit - slot.left - reserved;
      yield { key: account.key, window: account.window, parts: [{ part, committed, reserved }] };
    }
  }

  /** What another journal is known to hold by now. */
  floor(accountKey: string, part: number, floor: LeaseFloor): void {
    // Where no call came yet, `recorded` has it when one does.
    this.#slots.get(slotKey(accountKey, part))?.floor(floor);
  }

  /**
   * Says that journals are being read for accounts that are counted anew. Returns what to call when
   * they were read: `recorded` then has what they held when this was called.
   */
  beginReading(isMeant: (account: AccountReference) => boolean): () => void {
    const before = new Map<LeaseSlot, bigint>();
    for (const slot of this.#slots.values()) {
      if (isMeant(slot.account)) before.set(slot, slot.spent);
    }
    return () => {
      const meant = [...this.#slots.values()].filter(({ account }) => isMeant(account));
      for (const slot of meant) {
        const counted = before.get(slot) ?? 0n;
        const recorded = this.#options.recorded?.(slot.account) ?? [];
        const known = recorded.find(({ part }) => part === slot.part);
        const own = known?.own ?? 0n;
        // What is not in the journal any more, because of its retention, goes on counting.
        slot.rebase(own > counted ? own : counted, counted);
        for (const floor of known?.others ?? []) slot.floor(floor);
        for (const past of recorded) {
          if (past.part < slot.part) this.#openPast(slot.account, past);
        }
      }
    };
  }

  /** Grows whenever a balance turns out to be another one than was known here: others spent of it. */
  get heard(): number {
    return this.#heard;
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
  async #exchange(when: 'needed' | 'always' = 'needed'): Promise<void> {
    while (this.#exchanging !== null) await this.#exchanging;
    if (this.#asking.size === 0 && when === 'needed') return;
    const slots = [...this.#asking];
    this.#asking.clear();
    this.#exchanging = this.#send(slots).finally(() => (this.#exchanging = null));
    await this.#exchanging;
  }

  async #send(slots: readonly LeaseSlot[]): Promise<void> {
    const requests = slots.map((slot) => slot.request(this.#gateways * this.#options.shareDivisor));
    try {
      const reply = await this.#options.authority.exchange(requests);
      this.#gateways = Math.max(1, reply.gateways);
      this.#clockOffset = reply.now - this.#options.now();
      if (reply.restate) for (const slot of this.#slots.values()) slot.tellAgain();
      slots.forEach((slot, index) => {
        const { left, reserved } = slot;
        slot.granted(reply.grants[index]!, requests[index]!);
        if (slot.left !== left || slot.reserved !== reserved) this.#heard += 1;
      });
      if (!reply.granting) this.#failedAt = this.#options.now();
      if (reply.restate) void this.#tell();
    } catch {
      this.#failedAt = this.#options.now();
    }
  }

  /** States all that the authority does not know yet, some accounts at a time: others go in between. */
  #tell(): Promise<void> {
    this.#telling ??= this.#tellAll().finally(() => (this.#telling = null));
    return this.#telling;
  }

  async #tellAll(): Promise<void> {
    const untold = [...this.#slots.values()].filter((slot) => !slot.isTold);
    for (let index = 0; index < untold.length; index += mostTold) {
      const begun = this.#options.now();
      for (const slot of untold.slice(index, index + mostTold)) this.#asking.add(slot);
      await this.#exchange();
      // It cannot be reached: the next turn tells the rest.
      if (this.#failedAt >= begun && untold[index]?.isTold !== true) return;
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
      const slot = this.#slot(account, this.#partOf(account, at));
      // A limit that was raised or lowered holds from the next call on.
      slot.account = account;
      return slot;
    });
  }

  #slot(account: AccountReference, part: number): LeaseSlot {
    const key = slotKey(account.key, part);
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const recorded = this.#options.recorded?.(account);
    const slot = new LeaseSlot(account, part, recorded === null ? null : 0n);
    const first = part - countedParts(account.window) + 1;
    for (const past of recorded ?? []) {
      if (past.part === part) takeUp(slot, past);
      else if (past.part >= first && past.part < part) this.#openPast(account, past);
    }
    this.#slots.set(key, slot);
    return slot;
  }

  /** What a rolling window counts besides is told before anything is asked for. */
  #openPast(account: AccountReference, past: RecordedSpending): void {
    const key = slotKey(account.key, past.part);
    if (this.#slots.has(key)) return;
    const slot = new LeaseSlot(account, past.part);
    takeUp(slot, past);
    this.#slots.set(key, slot);
    this.#asking.add(slot);
  }

  #partOf(account: AccountReference, at: number): number {
    return partAt(account.window, at + this.#clockOffset);
  }
}

/** Grants may be eaten by other calls of this gateway before their asker wakes up; then it asks again. */
const mostAttempts = 8;

function slotKey(accountKey: string, part: number): string {
  return `${accountKey}\u001f${part}`;
}

function takeUp(slot: LeaseSlot, { own, others }: RecordedSpending): void {
  slot.rebase(own, 0n);
  for (const floor of others) slot.floor(floor);
}

function denialOf(slot: LeaseSlot): AccountBalance {
  return { account: slot.account, used: slot.account.limit - slot.left, remaining: slot.left };
}
