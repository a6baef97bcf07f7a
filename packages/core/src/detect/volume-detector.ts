import { addScore, newCusum, siegmundThreshold, type Cusum } from './cusum.js';
import { hourLength, TrafficRhythm, type TrafficState } from './traffic-rhythm.js';

/** A group that has many more, or many fewer, calls than the time of day and the weekday explain. */
export interface VolumeChange {
  /** Since when, milliseconds since 1970: the start of an hour. */
  since: number;
  /** Whole hours since then. */
  hours: number;
  /** Calls in them, and how many there usually are. */
  calls: number;
  expected: number;
  /** `calls` by `expected`: 2 is twice as many. */
  factor: number;
}

/** What the detector knows between calls. */
export interface VolumeState {
  traffic: TrafficState;
  /** Mean square of what hours differ by from what was expected, in units of chance; null before any. */
  dispersion: number | null;
  up: Side;
  down: Side;
  change: VolumeChange | null;
}

type Side = Cusum & { calls: number; expected: number };

/** Every weekday has been seen once. */
const leastHours = 8 * 24;
const reference = 0.5;
/** One hour alone is never enough, however many calls it has. */
const clip = 3;
/** One false word in 120 days, hours that follow each other being related by about three. */
const height = siegmundThreshold(reference, 120 * 24 * 3 * 2);
/** What is sure and small is not worth a word. */
const leastFactor = 1.3;
/** Hours that what is usual chance is learnt over. */
const memory = 14 * 24;

const newSide = (): Side => ({ ...newCusum(), calls: 0, expected: 0 });

/**
 * Tells that a group's number of calls is other than usual: information, not an alarm, because more calls may
 * be more customers. Hours are judged when they have ended, by two sums (CUSUM) of how far they lie above and
 * below what their time explains, in units of how far hours usually do.
 *
 * Of each hour the calls count that came before a later hour's first one, or before its end was ticked.
 */
export class VolumeDetector {
  readonly #traffic: TrafficRhythm;
  #dispersion: number | null;
  #up: Side;
  #down: Side;
  #change: VolumeChange | null;

  constructor(state?: VolumeState) {
    this.#traffic = new TrafficRhythm(state?.traffic);
    this.#dispersion = state?.dispersion ?? null;
    this.#up = state ? { ...state.up } : newSide();
    this.#down = state ? { ...state.down } : newSide();
    this.#change = state?.change ? { ...state.change } : null;
  }

  toJSON(): VolumeState {
    return {
      traffic: this.#traffic.toJSON(),
      dispersion: this.#dispersion,
      up: { ...this.#up },
      down: { ...this.#down },
      change: this.#change === null ? null : { ...this.#change },
    };
  }

  /** What was told and still is so; null while the number of calls is as usual. */
  get current(): VolumeChange | null {
    return this.#change;
  }

  /**
   * Counts a call.
   *
   * @param at when it began, milliseconds since 1970.
   * @param judged false for history: it is learnt from and never told.
   * @param now calls that say they began later are taken as of now.
   */
  observe(at: number, judged = true, now = Infinity): VolumeChange | null {
    let found: VolumeChange | null = null;
    this.#traffic.add(Math.min(at, now), (hour, calls) => {
      found = this.#end(hour, calls, judged) ?? found;
    });
    return found;
  }

  /** Judges the hours that have ended by `now` (milliseconds since 1970), also those without a call. */
  tick(now: number): VolumeChange | null {
    let found: VolumeChange | null = null;
    this.#traffic.advance(Math.floor(now / hourLength), (hour, calls) => {
      found = this.#end(hour, calls, true) ?? found;
    });
    return found;
  }

  #end(hour: number, calls: number, judged: boolean): VolumeChange | null {
    const expected = this.#traffic.expected(hour);
    if (this.#traffic.knownHours < leastHours || expected === 0) return null;
    // By chance alone the square of this is 1 on average; a half keeps hours of next to no calls apart.
    const chance = expected + 0.5 + expected ** 2 * this.#traffic.uncertainty(hour);
    const difference = (calls - expected) / Math.sqrt(chance);
    const usual = Math.sqrt(Math.max(1, this.#dispersion ?? 4));
    const score = Math.max(-clip, Math.min(clip, difference / usual));
    this.#dispersion =
      this.#dispersion === null
        ? Math.max(1, difference ** 2)
        : this.#dispersion + ((score * usual) ** 2 - this.#dispersion) / memory;
    if (!judged) return null;
    const above = this.#judge(this.#up, score, hour, calls, expected);
    const below = this.#judge(this.#down, -score, hour, calls, expected);
    return above ?? below;
  }

  #judge(
    side: Side,
    score: number,
    hour: number,
    calls: number,
    expected: number,
  ): VolumeChange | null {
    if (side.count === 0) side.calls = side.expected = 0;
    side.calls += calls;
    side.expected += expected;
    addScore(side, score, reference, hour * hourLength);
    // Once told, it is followed: it ends when the sum has run off, from no higher than where it was told.
    const isTold = this.#change !== null && this.#change.factor > 1 === (side === this.#up);
    if (side.sum === 0) {
      if (isTold) this.#change = null;
      return null;
    }
    const factor = side.calls / side.expected;
    const isMuch = side === this.#up ? factor >= leastFactor : factor <= 1 / leastFactor;
    const isSure = side.sum > height;
    side.sum = Math.min(side.sum, height + clip);
    if (!isTold && !(isSure && isMuch)) return null;
    const change: VolumeChange = {
      since: side.since,
      hours: side.count,
      calls: side.calls,
      expected: side.expected,
      factor,
    };
    this.#change = change;
    return isTold ? null : change;
  }
}
