/** What the detector knows between calls. */
export interface RateState {
  hits: number;
  calls: number;
  days: number;
  hits_today: number;
  calls_today: number;
  sum: number;
  count: number;
  since: number;
}

/** A kind of call that has become more frequent. */
export interface RateRise {
  /** Since when, milliseconds since 1970. */
  since: number;
  /** Calls since then, of whatever kind. */
  calls: number;
  /** The share that was usual. */
  usual: number;
}

/** Below a share of one in a hundred nothing is usual: a first retry in a thousand calls is no rise. */
const leastUsual = 0.01;
const leastRaised = 0.3;
const memoryDays = 14;
const averageRunDays = 120;
const leastCalls = 30;
const leastRun = 50;

/**
 * Finds that a kind of call (retries, calls without a price, calls of no feature) has become more frequent: a
 * CUSUM of log likelihood ratios, the usual rate against five times that or 30 %, whichever is more
 * (Reynolds and Stoumbos, "A CUSUM chart for monitoring a proportion", 1999).
 */
export class RateDetector {
  readonly #state: RateState;
  #steps: Steps | null;

  constructor(state?: RateState) {
    this.#state = state
      ? { ...state }
      : { hits: 0, calls: 0, days: 0, hits_today: 0, calls_today: 0, sum: 0, count: 0, since: 0 };
    this.#steps = stepsOf(this.#state);
  }

  toJSON(): RateState {
    return { ...this.#state };
  }

  /** Adds a call; `judged`: false for history. */
  observe(hit: boolean, at: number, judged = true): RateRise | null {
    const state = this.#state;
    state.calls_today += 1;
    if (hit) state.hits_today += 1;
    const steps = this.#steps;
    if (steps === null || !judged) return null;
    if (state.count === 0) state.since = at;
    state.sum += hit ? steps.hit : steps.miss;
    state.count += 1;
    const found =
      state.sum > steps.height
        ? { since: state.since, calls: state.count, usual: steps.usual }
        : null;
    if (state.sum <= 0 || found !== null) {
      state.sum = 0;
      state.count = 0;
    }
    return found;
  }

  /** Ends a day: it becomes part of what is usual, unless it is set apart because of an alarm. */
  endDay(setApart: boolean): void {
    const state = this.#state;
    if (!setApart) {
      const left = 1 - 1 / memoryDays;
      state.hits = state.hits * left + state.hits_today;
      state.calls = state.calls * left + state.calls_today;
      state.days = Math.min(memoryDays, state.days * left + 1);
      this.#steps = stepsOf(state);
    }
    state.hits_today = 0;
    state.calls_today = 0;
  }
}

interface Steps {
  usual: number;
  hit: number;
  miss: number;
  height: number;
}

function stepsOf({ hits, calls, days }: RateState): Steps | null {
  if (calls < leastCalls) return null;
  const usual = Math.max((hits + 1) / (calls + 20), leastUsual);
  const raised = Math.max(leastRaised, Math.min(5 * usual, 0.9));
  // What is nearly always so cannot become much more frequent.
  if (usual >= 0.8) return null;
  return {
    usual,
    hit: Math.log(raised / usual),
    miss: Math.log((1 - raised) / (1 - usual)),
    height: Math.log(Math.max((calls / days) * averageRunDays, leastRun)),
  };
}
