import { binOf, LogHistogram, type HistogramState } from './log-histogram.js';

/** A run that goes on as others do not. */
export interface RunAlarm {
  run: string;
  reason: RunReason;
  calls: number;
  /** USD so far. */
  cost: number;
  /** Calls that said again what the run had said shortly before. */
  repeats: number;
  /** What was gone beyond: USD, calls, repetitions, USD per minute or levels, by the reason. */
  limit: number;
  /** Whether somebody set that limit; else it is what is usual of others. */
  configured: boolean;
  /** It had been told already, as one that goes on as others do not, and is beyond what somebody set by now. */
  again: boolean;
  /** First call of the run, milliseconds since 1970. */
  since: number;
  /**
   * What 999 in a thousand runs stay below, and what this one has: USD, calls, USD per minute or levels; by
   * repetitions the share of calls that is usual, and this run's. Null where nothing is known of others.
   */
  usual: number | null;
  now: number;
  /** `now` by `usual`. */
  factor: number | null;
}

export type RunReason = 'cost' | 'calls' | 'velocity' | 'depth' | 'repeats';

/** A call of a run, as far as the guard looks at it. */
export interface RunCall {
  /** When it began, milliseconds since 1970. */
  at: number;
  run: string;
  /** USD; null where it is not known. */
  cost: number | null;
  /** It repeats a turn of the last ten of its run. */
  repeated: boolean;
  /** How many runs its run stands within; absent where that is not known. */
  depth?: number;
}

/** What no run may go beyond, whatever others do. Cost and velocity are USD; a measure left out has no ceiling. */
export interface RunCeilings {
  cost?: number | undefined;
  calls?: number | undefined;
  repeats?: number | undefined;
  /** USD within a minute. */
  velocity?: number | undefined;
  depth?: number | undefined;
}

interface OpenRun {
  since: number;
  last: number;
  calls: number;
  cost: number;
  largest: number;
  repeats: number;
  /** How far its calls say that it loops: a CUSUM of log likelihood ratios. */
  suspicion: number;
  depth: number;
  /** The minute that is under way, counted from the first call. */
  minute: Minute;
  /** The most that was spent in a minute. */
  peak: number;
  alarmed: boolean;
  /** It was told because of a ceiling. Not there where an earlier Farthing wrote it. */
  capped?: boolean;
  /** Since a person let it go on: it is not told again before it has twice what it had then. */
  pardoned: Taken | null;
}

interface Minute {
  index: number;
  cost: number;
  largest: number;
}

/** What the guard knows between calls. */
export interface RunGuardState {
  runs: [id: string, run: OpenRun][];
  costs: HistogramState;
  counts: HistogramState;
  repeats: HistogramState;
  peaks: HistogramState;
  depths: HistogramState;
  limits: Limits | null;
  swept: number;
  /** When the first call of any run came; calls of runs that have ended, and repetitions among them. */
  began: number | null;
  calls: number;
  repeated: number;
}

interface Taken {
  cost: number;
  calls: number;
  repeats: number;
  /** USD within a minute. */
  velocity: number;
  depth: number;
}

interface Limits extends Taken {
  /** The share of calls that repeat, and the height for the sum of what repetitions say. */
  repeating: number;
  height: number;
}

const hour = 3_600_000;
const day = 24 * hour;
/** A run that has been silent for so long has ended. */
const idle = hour / 2;
/** Of one group; the one that has been silent longest is taken as ended. */
const mostRuns = 250;
const leastRuns = 50;
const leastCalls = 30;
const beyond = 2;
/** Faster than all others by so much, and dear already: bursts are usual, and alone no harm. */
const beyondFast = 4;
const firstDepth = 10;
const leastDepth = 5;
const minute = 60_000;
/** Fewer repetitions say nothing: of a group of which little is known, and in any. */
const firstRepeats = 6;
const leastRepeats = 5;
/** So many runs of those that are known may have been loops themselves. */
const mostLoops = 3;
/** A loop repeats itself in so many of its calls; and the usual is not taken for less than so many. */
const looping = { least: 0.6, most: 0.95 } as const;
const leastRepeating = 0.01;
/** What is usual while little is known. */
const firstRepeating = 0.05;
/** One false alarm by repetitions in so many days of the group's calls, and not more than one in 10,000. */
const averageRunDays = 120;
const leastAverageRun = 10_000;
/** When so many runs are known, all of them count for half: what runs are like may change. */
const mostKnown = 20_000;

/**
 * Tells runs that run away: far dearer, longer, faster or deeper than 999 in a thousand others, or repeating
 * themselves as others do not (a CUSUM of log likelihood ratios); or beyond a ceiling that somebody set. The largest call of a run is left out
 * of its cost, but under a ceiling: one large document is no loop.
 */
export class RunGuard {
  readonly #runs: Map<string, OpenRun>;
  readonly #costs: LogHistogram;
  readonly #counts: LogHistogram;
  readonly #repeats: LogHistogram;
  readonly #peaks: LogHistogram;
  readonly #depths: LogHistogram;
  readonly #ceilings: RunCeilings;
  #limits: Limits | null;
  #swept: number;
  #began: number | null;
  #calls: number;
  #repeated: number;

  constructor(state?: RunGuardState, ceilings: RunCeilings = {}) {
    this.#ceilings = ceilings;
    this.#runs = new Map(
      state?.runs.map(([id, run]) => [id, { ...run, minute: { ...run.minute } }]),
    );
    this.#costs = state ? LogHistogram.fromJSON(state.costs) : new LogHistogram();
    this.#counts = state ? LogHistogram.fromJSON(state.counts) : new LogHistogram();
    this.#repeats = state ? LogHistogram.fromJSON(state.repeats) : new LogHistogram();
    this.#peaks = state ? LogHistogram.fromJSON(state.peaks) : new LogHistogram();
    this.#depths = state ? LogHistogram.fromJSON(state.depths) : new LogHistogram();
    this.#limits = state?.limits ?? null;
    this.#swept = state?.swept ?? 0;
    this.#began = state?.began ?? null;
    this.#calls = state?.calls ?? 0;
    this.#repeated = state?.repeated ?? 0;
  }

  toJSON(): RunGuardState {
    return {
      runs: [...this.#runs].map(([id, run]) => [id, { ...run, minute: { ...run.minute } }]),
      costs: this.#costs.toJSON(),
      counts: this.#counts.toJSON(),
      repeats: this.#repeats.toJSON(),
      peaks: this.#peaks.toJSON(),
      depths: this.#depths.toJSON(),
      limits: this.#limits,
      swept: this.#swept,
      began: this.#began,
      calls: this.#calls,
      repeated: this.#repeated,
    };
  }

  /** Whether the run has been told already. */
  hasAlarmed(run: string): boolean {
    return this.#runs.get(run)?.alarmed ?? false;
  }

  /** A person lets the run go on: it is told again when it has twice what it has now. */
  pardon(id: string): void {
    const run = this.#runs.get(id);
    if (run === undefined) return;
    const { cost, calls, repeats, peak, depth } = run;
    run.alarmed = false;
    run.capped = false;
    run.pardoned = {
      cost: beyond * cost,
      calls: beyond * calls,
      repeats: beyond * repeats,
      velocity: beyond * Math.max(peak, run.minute.cost),
      depth: beyond * depth,
    };
  }

  /**
   * Adds a call of a run; tells the run once, and once more where it had been told as unlike others and goes
   * beyond a ceiling then. `judged`: false for history.
   */
  observe(call: RunCall, judged = true): RunAlarm | null {
    const { at, run: id, repeated, depth = 0 } = call;
    const cost = call.cost ?? 0;
    this.#began ??= at;
    // Also after a clock was set back.
    if (Math.abs(at - this.#swept) > idle / 6) this.#sweep(at);
    let run = this.#runs.get(id);
    if (run === undefined) {
      run = newRun(at);
      if (this.#runs.size >= mostRuns) this.#end(this.#runs.keys().next().value!);
    } else this.#runs.delete(id);
    // Last in the map is the one that called last.
    this.#runs.set(id, run);
    run.last = Math.max(run.last, at);
    run.calls += 1;
    run.cost += cost;
    run.largest = Math.max(run.largest, cost);
    run.depth = Math.max(run.depth, depth);
    if (repeated) run.repeats += 1;
    run.suspicion = Math.max(0, run.suspicion + this.#evidence(repeated));
    spend(run, at, cost);
    if (!judged || (run.alarmed && run.capped === true)) return null;
    const alarm = this.#judge(id, run);
    if (alarm === null) return null;
    run.alarmed = true;
    run.capped = alarm.configured;
    return alarm;
  }

  #judge(id: string, run: OpenRun): RunAlarm | null {
    const { calls, cost, repeats, since, alarmed: again } = run;
    const capped = this.#capped(run);
    const [reason, limit] = capped ?? (again ? null : this.#unlike(run)) ?? [];
    if (reason === undefined || limit === undefined) return null;
    const { usual, now } = this.#compared(reason, run);
    const factor = usual === null || usual === 0 ? null : now / usual;
    const configured = capped !== null;
    const said = { run: id, reason, calls, cost, repeats, limit, configured, again, since };
    return { ...said, usual, now, factor };
  }

  #compared(reason: RunReason, run: OpenRun): { usual: number | null; now: number } {
    const limits = this.#limits;
    const most = (limit: number | undefined, over: number) =>
      limit === undefined || limit === Number.MAX_VALUE ? null : limit / over;
    switch (reason) {
      case 'cost':
        return { usual: most(limits?.cost, beyond), now: run.cost };
      case 'calls':
        return { usual: most(limits?.calls, beyond), now: run.calls };
      case 'velocity':
        return { usual: most(limits?.velocity, beyondFast), now: run.minute.cost };
      case 'depth':
        return { usual: most(limits?.depth, beyond), now: run.depth };
      case 'repeats':
        return { usual: limits?.repeating ?? null, now: run.repeats / run.calls };
    }
  }

  /** Log likelihood ratio of a call: that of a loop against what is usual. */
  #evidence(repeated: boolean): number {
    const usual = this.#limits?.repeating ?? firstRepeating;
    // Where most calls repeat anyhow, those of a loop do so still more.
    const loop = Math.min(looping.most, Math.max(looping.least, (1 + usual) / 2));
    return Math.log(repeated ? loop / usual : (1 - loop) / (1 - usual));
  }

  /** The ceiling that the run is beyond; nothing is left out of it. */
  #capped(run: OpenRun): Beyond | null {
    const { cost, calls, velocity, depth, repeats } = this.#ceilings;
    const { pardoned } = run;
    if (isOver(run.cost, cost, pardoned?.cost)) return ['cost', cost];
    if (isOver(run.calls, calls, pardoned?.calls)) return ['calls', calls];
    if (isOver(run.minute.cost, velocity, pardoned?.velocity)) return ['velocity', velocity];
    if (isOver(run.depth, depth, pardoned?.depth)) return ['depth', depth];
    return isOver(run.repeats, repeats, pardoned?.repeats) ? ['repeats', repeats] : null;
  }

  /** What the run has far more of than others. */
  #unlike(run: OpenRun): Beyond | null {
    const { pardoned, calls, repeats } = run;
    const cost = run.cost - run.largest;
    if (this.#limits !== null) {
      const limits = this.#limits;
      if (isOver(cost, limits.cost, pardoned?.cost)) return ['cost', limits.cost];
      if (isOver(calls, limits.calls, pardoned?.calls)) return ['calls', limits.calls];
      const fast = run.minute.cost - run.minute.largest;
      const isFast = isOver(fast, limits.velocity, pardoned?.velocity);
      if (isFast && cost > limits.cost / beyond) return ['velocity', limits.velocity];
    }
    const depth = this.#limits?.depth ?? firstDepth;
    if (isOver(run.depth, depth, pardoned?.depth)) return ['depth', depth];
    const most = this.#limits?.repeats ?? firstRepeats;
    const isMany = repeats >= Math.max(most, pardoned?.repeats ?? 0);
    const isLoop = run.suspicion > (this.#limits?.height ?? Math.log(leastAverageRun));
    return isMany && isLoop ? ['repeats', most] : null;
  }

  /** Runs that have ended become part of what runs are like; those that alarmed do not. */
  #sweep(now: number): void {
    this.#swept = now;
    for (const [id, run] of this.#runs) if (now - run.last > idle) this.#end(id);
    if (this.#counts.total < leastRuns) return;
    const known = [this.#costs, this.#counts, this.#repeats, this.#peaks, this.#depths];
    if (this.#counts.total > mostKnown) for (const histogram of known) histogram.fade(0.5);
    const top = (histogram: LogHistogram) => Math.exp(histogram.quantile(0.999));
    const days = Math.max(1, (now - (this.#began ?? now)) / day);
    this.#limits = {
      // Without any cost known, none is too much.
      cost: this.#costs.total < leastRuns ? Number.MAX_VALUE : beyond * top(this.#costs),
      calls: Math.max(leastCalls, beyond * top(this.#counts)),
      repeats: Math.max(leastRepeats, Math.round(this.#mostUsualRepeats() - 1) + 2),
      velocity: this.#peaks.total < leastRuns ? Number.MAX_VALUE : beyondFast * top(this.#peaks),
      depth: Math.max(leastDepth, Math.round(beyond * (top(this.#depths) - 1))),
      repeating: Math.max(leastRepeating, (this.#repeated + 1) / (this.#calls + 20)),
      height: Math.log(Math.max(leastAverageRun, (this.#calls / days) * averageRunDays)),
    };
  }

  /** Of few runs the ones that repeat themselves most are left out: history may hold loops that nobody told. */
  #mostUsualRepeats(): number {
    const leftOut = Math.max(0.001, mostLoops / this.#repeats.total);
    return Math.exp(this.#repeats.quantile(1 - leftOut));
  }

  #end(id: string): void {
    const run = this.#runs.get(id)!;
    this.#runs.delete(id);
    if (run.alarmed) return;
    this.#calls += run.calls;
    this.#repeated += run.repeats;
    this.#counts.add(binOf(Math.log(run.calls)));
    this.#repeats.add(binOf(Math.log(1 + run.repeats)));
    this.#depths.add(binOf(Math.log(1 + run.depth)));
    if (run.cost > 0) this.#costs.add(binOf(Math.log(run.cost)));
    const peak = Math.max(run.peak, run.minute.cost - run.minute.largest);
    if (peak > 0) this.#peaks.add(binOf(Math.log(peak)));
  }
}

type Beyond = [reason: RunReason, limit: number];

/** A pardon raises the limit; where there is no limit, nothing is over it. */
function isOver(
  taken: number,
  limit: number | undefined,
  pardoned: number | undefined,
): limit is number {
  return limit !== undefined && taken > limit && taken > (pardoned ?? 0);
}

function newRun(at: number): OpenRun {
  return {
    since: at,
    last: at,
    calls: 0,
    cost: 0,
    largest: 0,
    repeats: 0,
    suspicion: 0,
    depth: 0,
    minute: { index: 0, cost: 0, largest: 0 },
    peak: 0,
    alarmed: false,
    capped: false,
    pardoned: null,
  };
}

/** What a run spends within a minute: such a burst is no loop where one call makes it. */
function spend(run: OpenRun, at: number, cost: number): void {
  const index = Math.floor((at - run.since) / minute);
  const present = run.minute;
  // A call that comes late counts in the minute that is under way.
  if (index > present.index) {
    run.peak = Math.max(run.peak, present.cost - present.largest);
    run.minute = { index, cost, largest: cost };
    return;
  }
  present.cost += cost;
  present.largest = Math.max(present.largest, cost);
}
