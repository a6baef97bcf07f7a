import { divideHalfEven, type Picodollars } from '../money.js';

/** What a run has taken so far. */
export interface RunSum {
  calls: number;
  /** Those of the calls whose cost is known, and what they cost. */
  priced: number;
  cost: Picodollars;
  /** Its first call and its last one, milliseconds since 1970. */
  since: number;
  last: number;
  /** What it cost in the ten minutes of its last call, and in those before them. */
  lately: { slot: number; cost: Picodollars; before: Picodollars };
}

const minute = 60_000;
const hourLength = 60 * minute;
const slotLength = 10 * minute;
/** A gap as long as so many usual ones is no usual one: of waits without memory, one in 150 is. */
const fewGaps = 5;
/** A single call may take as long. */
const leastSilence = 3 * minute;

export function newRunSum(at: number): RunSum {
  const lately = { slot: slotOf(at), cost: 0n, before: 0n };
  return { calls: 0, priced: 0, cost: 0n, since: at, last: at, lately };
}

/** Adds a call that began at `at` (milliseconds since 1970); its cost is null where it is not known. */
export function addToRun(run: RunSum, at: number, cost: Picodollars | null): void {
  run.calls += 1;
  run.since = Math.min(run.since, at);
  run.last = Math.max(run.last, at);
  run.lately = latelyAt(run, slotOf(run.last));
  if (cost === null) return;
  run.priced += 1;
  run.cost += cost;
  const { lately } = run;
  if (slotOf(at) === lately.slot) lately.cost += cost;
  else if (slotOf(at) === lately.slot - 1) lately.before += cost;
}

/** How long it has called, at least a minute: its first calls come within a second. */
export const lastedOf = ({ since, last }: Readonly<RunSum>): number =>
  Math.max(last - since, minute);

/**
 * What a run costs in an hour, at its pace of the last ten minutes, or of all the time since it began while
 * that is shorter, or while its gaps are too long for ten minutes to say anything. Nothing once it has been
 * silent for longer than five of its usual gaps, and three minutes: it waits for something, or has ended.
 *
 * @param now milliseconds since 1970
 */
export function runPerHour(run: Readonly<RunSum>, now: number): Picodollars {
  const { calls, since, last, cost } = run;
  const long = calls < 2 ? 0 : (fewGaps * (last - since)) / (calls - 1);
  if (now - last > Math.max(leastSilence, long)) return 0n;
  const lasted = now - since;
  if (lasted <= slotLength || long > slotLength) {
    return perHour(cost, Math.max(lasted, minute));
  }
  const lately = latelyAt(run, slotOf(now));
  const left = slotLength - (now % slotLength);
  const before = divideHalfEven(lately.before * BigInt(Math.round(left)), BigInt(slotLength));
  return perHour(lately.cost + before, slotLength);
}

const perHour = (cost: Picodollars, milliseconds: number): Picodollars =>
  divideHalfEven(cost * BigInt(hourLength), BigInt(Math.round(milliseconds)));

const slotOf = (time: number): number => Math.floor(time / slotLength);

/** As it is in a slot that is not before its own. */
function latelyAt({ lately }: Readonly<RunSum>, slot: number): RunSum['lately'] {
  if (slot <= lately.slot) return lately;
  return { slot, cost: 0n, before: slot === lately.slot + 1 ? lately.cost : 0n };
}
