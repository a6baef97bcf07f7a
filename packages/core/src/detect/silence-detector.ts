import { hourLength, short, TrafficRhythm, type TrafficState } from './traffic-rhythm.js';

/** A group that has stopped calling. */
export interface Silence {
  /** Its last call, milliseconds since 1970. */
  since: number;
  /** Calls that would usually have come since then, by its rate at these times. */
  expected: number;
  /** The longest silence that is usual, as calls that would have come. */
  usual: number;
}

/** What the detector knows between calls. */
export interface SilenceState {
  traffic: TrafficState;
  last: number | null;
  /** Until when it has been watched since the last call, and the calls that would have come by then. */
  watched: number;
  missed: number;
  day: number;
  /** The longest silence of each of the last days, as calls that would have come. */
  longest: number[];
  calls: number;
  told: Silence | null;
}

const day = 24 * hourLength;
/** Every weekday has been seen once. */
const leastHours = 8 * 24;
const leastCalls = 50;
const leastDays = 7;
const rememberedDays = 28;
/** By chance alone, one silence in 160,000 is as long. */
const leastMissed = 12;
const beyond = 1.5;
/** A pause that nobody would call one. */
const leastTime = hourLength / 4;
/** Of a longer time between two ticks the rest counts as unwatched: the machine slept, or its clock jumped. */
const longestStep = hourLength / 4;

/**
 * Tells that a group that used to call has stopped. A silence is measured by the calls that would usually have
 * come in it, so that nights and Sundays are short; it is too long at one and a half times the longest of the last four
 * weeks. Only time in which somebody watched (`tick`) counts, so that neither a stopped Farthing nor a
 * clock that jumps makes everybody silent.
 */
export class SilenceDetector {
  readonly #traffic: TrafficRhythm;
  #last: number | null;
  #watched: number;
  #missed: number;
  #day: number;
  readonly #longest: number[];
  #calls: number;
  #told: Silence | null;

  constructor(state?: SilenceState) {
    this.#traffic = new TrafficRhythm(state?.traffic);
    this.#last = state?.last ?? null;
    this.#watched = state?.watched ?? 0;
    this.#missed = state?.missed ?? 0;
    this.#day = state?.day ?? 0;
    this.#longest = [...(state?.longest ?? [])];
    this.#calls = state?.calls ?? 0;
    this.#told = state?.told ? { ...state.told } : null;
  }

  toJSON(): SilenceState {
    return {
      traffic: this.#traffic.toJSON(),
      last: this.#last,
      watched: this.#watched,
      missed: this.#missed,
      day: this.#day,
      longest: [...this.#longest],
      calls: this.#calls,
      told: this.#told === null ? null : { ...this.#told },
    };
  }

  /** The silence that was told and goes on; null once it has called again. */
  get current(): Silence | null {
    return this.#told;
  }

  /** Adds a call that began at `at` (milliseconds since 1970), at the latest `now`; it ends any silence. */
  observe(at: number, now = Infinity): void {
    const time = Math.min(at, now);
    const last = this.#last;
    this.#calls = Math.min(this.#calls + 1, leastCalls);
    if (last !== null && time <= last) {
      // It came late, and says nothing about now.
      this.#traffic.add(time);
      return;
    }
    if (last === null) this.#day = Math.floor(time / day);
    else {
      const gap = this.#expectedBetween(last, time);
      const limit = this.#limit();
      // What was far beyond is learnt as far as the limit: once is an exception, repeated it becomes usual.
      this.#learn(limit === null ? gap : Math.min(gap, limit), time);
    }
    // The hours of a silence that was told are no part of what is usual.
    if (this.#told !== null) this.#traffic.skipTo(Math.floor(time / hourLength));
    this.#traffic.add(time);
    this.#told = null;
    this.#last = time;
    this.#watched = time;
    this.#missed = 0;
  }

  /** Lets time pass until `now` (milliseconds since 1970); tells a silence once, when it has become too long. */
  tick(now: number): Silence | null {
    if (this.#last === null || now <= this.#watched) return null;
    const from = Math.max(this.#watched, now - longestStep);
    this.#missed += this.#expectedBetween(from, now);
    this.#watched = now;
    const limit = this.#limit();
    if (this.#told !== null) {
      this.#told.expected = this.#missed;
      return null;
    }
    if (limit === null || this.#missed <= limit || now - this.#last < leastTime) return null;
    this.#told = { since: this.#last, expected: this.#missed, usual: limit / beyond };
    return { ...this.#told };
  }

  #limit(): number | null {
    if (this.#traffic.knownHours < leastHours || this.#calls < leastCalls) return null;
    if (this.#longest.length < leastDays) return null;
    return Math.max(leastMissed, beyond * Math.max(...this.#longest));
  }

  /** Calls that usually come between two times. */
  #expectedBetween(from: number, to: number): number {
    let sum = 0;
    // What is longer than four weeks is as good as any.
    let time = Math.max(from, to - rememberedDays * day);
    while (time < to) {
      const hour = Math.floor(time / hourLength);
      const end = Math.min(to, (hour + 1) * hourLength);
      sum += (this.#traffic.expected(hour) * (end - time)) / hourLength;
      time = end;
    }
    return sum;
  }

  #learn(missed: number, at: number): void {
    const gap = short(missed);
    const today = Math.floor(at / day);
    if (today > this.#day || this.#longest.length === 0) {
      this.#day = today;
      this.#longest.push(gap);
      if (this.#longest.length > rememberedDays) this.#longest.shift();
    } else {
      const index = this.#longest.length - 1;
      this.#longest[index] = Math.max(this.#longest[index]!, gap);
    }
  }
}
