export const hourLength = 3_600_000;
/** How fast it forgets: it stands for about four weeks. */
const rememberedDays = 28;
const keptOfHour = 1 - 1 / rememberedDays;
const keptOfWeekday = 1 - 1 / (24 * (rememberedDays / 7));
/** An hour of the day, and a weekday, are believed by half when they were seen for so many hours. */
const shrinkage = { hour: 1, weekday: 24 } as const;
/** After a longer silence what was known is worth nothing. */
const mostSilentHours = rememberedDays * 24;

/** Faded numbers of calls and of hours, by hour of the day (24) and by weekday (7), UTC. */
export interface TrafficState {
  hour: number | null;
  calls: number;
  known: number;
  by_hour: { calls: number[]; hours: number[] };
  by_weekday: { calls: number[]; hours: number[] };
}

/** Also of times before 1970, which a broken clock tells. */
const within = (value: number, length: number): number => ((value % length) + length) % length;
const hourOfDay = (hour: number): number => within(hour, 24);
const weekdayOf = (hour: number): number => within(Math.floor(hour / 24), 7);

/**
 * How many calls an hour usually has, as its time of day and its weekday explain it: the mean of all hours
 * times a factor of each. Hours are counted since 1970; hours without a call count like any other.
 */
export class TrafficRhythm {
  #hour: number | null;
  #calls: number;
  #known: number;
  readonly #byHour: Share;
  readonly #byWeekday: Share;

  constructor(state?: TrafficState) {
    this.#hour = state?.hour ?? null;
    this.#calls = state?.calls ?? 0;
    this.#known = state?.known ?? 0;
    this.#byHour = shareOf(24, state?.by_hour);
    this.#byWeekday = shareOf(7, state?.by_weekday);
  }

  toJSON(): TrafficState {
    return {
      hour: this.#hour,
      calls: this.#calls,
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
    if (this.#known === 0) return 0;
    const { calls, hours } = this.#byHour;
    let sum = 0;
    let count = 0;
    for (let index = 0; index < 24; index++) {
      sum += calls[index]!;
      count += hours[index]!;
    }
    const mean = sum / count;
    if (mean === 0) return 0;
    return (
      mean *
      factorOf(this.#byHour, hourOfDay(hour), mean, shrinkage.hour) *
      factorOf(this.#byWeekday, weekdayOf(hour), mean, shrinkage.weekday)
    );
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
  }

  #learn(hour: number, calls: number): void {
    addTo(this.#byHour, hourOfDay(hour), calls, keptOfHour);
    addTo(this.#byWeekday, weekdayOf(hour), calls, keptOfWeekday);
    this.#known = Math.min(this.#known + 1, rememberedDays * 24);
  }

  #forget(hour: number): void {
    this.#hour = hour;
    this.#calls = 0;
    this.#known = 0;
    for (const share of [this.#byHour, this.#byWeekday]) {
      share.calls.fill(0);
      share.hours.fill(0);
    }
  }
}

/** Told of an hour when it has ended, before it becomes part of what is usual. */
export type HourEnded = (hour: number, calls: number) => void;

interface Share {
  calls: Float64Array;
  hours: Float64Array;
}

function shareOf(length: number, state?: { calls: number[]; hours: number[] }): Share {
  return state
    ? { calls: Float64Array.from(state.calls), hours: Float64Array.from(state.hours) }
    : { calls: new Float64Array(length), hours: new Float64Array(length) };
}

const stateOf = ({ calls, hours }: Share) => ({ calls: [...calls], hours: [...hours] });

function addTo(share: Share, index: number, calls: number, kept: number): void {
  share.calls[index] = share.calls[index]! * kept + calls;
  share.hours[index] = share.hours[index]! * kept + 1;
}

function factorOf(share: Share, index: number, mean: number, shrink: number): number {
  const hours = share.hours[index]!;
  return (share.calls[index]! / mean + shrink) / (hours + shrink);
}
