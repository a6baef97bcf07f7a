export const hourLength = 3_600_000;
/** How fast it forgets: it stands for about four weeks. */
const rememberedDays = 28;
const keptOfHour = 1 - 1 / rememberedDays;
const keptOfWeekday = 1 - 1 / (rememberedDays / 7);
/** What is believed before any call of an hour, or a weekday: that it is like the others, as one call says. */
const prior = 1;
/** After a longer silence what was known is worth nothing. */
const mostSilentHours = rememberedDays * 24;

/** Faded sums over hours of the day (24) and over days by weekday (7), UTC. */
export interface TrafficState {
  hour: number | null;
  calls: number;
  /** Calls of the day so far; null where its beginning is unknown. */
  today: number | null;
  known: number;
  by_hour: Sums;
  by_weekday: Sums;
}

/** Calls, and the hours or days that they are of. */
interface Sums {
  calls: number[];
  count: number[];
}

/** Also of times before 1970, which a broken clock tells. */
const within = (value: number, length: number): number => ((value % length) + length) % length;
const hourOfDay = (hour: number): number => within(hour, 24);
const weekdayOf = (hour: number): number => within(Math.floor(hour / 24), 7);

/**
 * How many calls an hour usually has: the calls of its weekday times the hour's part of a day. Hours are
 * counted since 1970; hours without a call count like any other.
 */
export class TrafficRhythm {
  #hour: number | null;
  #calls: number;
  #today: number | null;
  #known: number;
  /** Calls of a mean day; null until it is asked for, as most hours change it and few are asked about. */
  #day: number | null = null;
  readonly #byHour: Share;
  readonly #byWeekday: Share;

  constructor(state?: TrafficState) {
    this.#hour = state?.hour ?? null;
    this.#calls = state?.calls ?? 0;
    this.#today = state?.today ?? null;
    this.#known = state?.known ?? 0;
    this.#byHour = shareOf(24, state?.by_hour);
    this.#byWeekday = shareOf(7, state?.by_weekday);
  }

  toJSON(): TrafficState {
    return {
      hour: this.#hour,
      calls: this.#calls,
      today: this.#today,
      known: this.#known,
      by_hour: stateOf(this.#byHour),
      by_weekday: stateOf(this.#byWeekday),
    };
  }

  /** Hours that have ended and are known, of those that it stands for. */
  get knownHours(): number {
    return this.#known;
  }

  /** Calls that a whole hour usually has; 0 before any is known. */
  expected(hour: number): number {
    const { calls, count } = this.#byHour;
    const day = (this.#day ??= dayOf(this.#byHour));
    if (day === 0) return 0;
    const index = hourOfDay(hour);
    const ofHour = (calls[index]! + prior) / (count[index]! + (24 * prior) / day);
    const weekday = weekdayOf(hour);
    const ofWeekday =
      (this.#byWeekday.calls[weekday]! + prior) / (this.#byWeekday.count[weekday]! + prior / day);
    return (ofHour * ofWeekday) / day;
  }

  /** The variance of `expected` by its square: how little is known of this time of day and this weekday. */
  uncertainty(hour: number): number {
    const ofHour = this.#byHour.calls[hourOfDay(hour)]! + prior;
    return 1 / ofHour + 1 / (this.#byWeekday.calls[weekdayOf(hour)]! + prior);
  }

  /**
   * Counts a call; hours that have ended by then are learnt. A call of an hour that has ended is not counted
   * (false).
   */
  add(at: number, ended?: HourEnded): boolean {
    const hour = Math.floor(at / hourLength);
    this.advance(hour, ended);
    if (hour !== this.#hour) return false;
    this.#calls += 1;
    return true;
  }

  /** Ends the hours before this one: they become part of what is usual. */
  advance(hour: number, ended?: HourEnded): void {
    if (this.#hour === null) {
      // Its first hour is not whole: nobody knows what had been before its first call.
      this.#hour = hour;
      return;
    }
    if (hour - this.#hour > mostSilentHours) return this.#forget(hour);
    while (this.#hour < hour) {
      ended?.(this.#hour, this.#calls);
      this.#learn(this.#hour, this.#calls);
      this.#hour += 1;
      this.#calls = 0;
    }
  }

  /** Goes on at this hour; those between are unknown and not hours without a call. */
  skipTo(hour: number): void {
    if (this.#hour === null || hour <= this.#hour) return;
    this.#hour = hour;
    this.#calls = 0;
    this.#today = null;
  }

  #learn(hour: number, calls: number): void {
    this.#day = null;
    addTo(this.#byHour, hourOfDay(hour), calls, keptOfHour);
    if (hourOfDay(hour) === 0) this.#today = 0;
    if (this.#today !== null) this.#today += calls;
    if (hourOfDay(hour) === 23 && this.#today !== null) {
      addTo(this.#byWeekday, weekdayOf(hour), this.#today, keptOfWeekday);
    }
    this.#known = Math.min(this.#known + 1, rememberedDays * 24);
  }

  #forget(hour: number): void {
    this.#hour = hour;
    this.#calls = 0;
    this.#today = null;
    this.#known = 0;
    this.#day = null;
    for (const share of [this.#byHour, this.#byWeekday]) {
      share.calls.fill(0);
      share.count.fill(0);
    }
  }
}

/** Told of an hour when it has ended, before it becomes part of what is usual. */
export type HourEnded = (hour: number, calls: number) => void;

interface Share {
  calls: Float64Array;
  count: Float64Array;
}

function shareOf(length: number, state?: Sums): Share {
  return state
    ? { calls: Float64Array.from(state.calls), count: Float64Array.from(state.count) }
    : { calls: new Float64Array(length), count: new Float64Array(length) };
}

const stateOf = ({ calls, count }: Share): Sums => ({ calls: [...calls], count: [...count] });

function dayOf({ calls, count }: Share): number {
  let day = 0;
  for (let index = 0; index < 24; index++) day += calls[index]! / Math.max(1, count[index]!);
  return day;
}

/** To a thousandth, so that what is known of a group is written down in few digits and read back the same. */
export const short = (value: number): number => Math.round(value * 1e3) / 1e3;

function addTo(share: Share, index: number, calls: number, kept: number): void {
  share.calls[index] = short(share.calls[index]! * kept + calls);
  share.count[index] = short(share.count[index]! * kept + 1);
}
