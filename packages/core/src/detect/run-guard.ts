import { binOf, LogHistogram, type HistogramState } from './log-histogram.js';

/** A run that goes on as others do not. */
export interface RunAlarm {
  run: string;
  reason: 'cost' | 'calls' | 'repeats';
  calls: number;
  /** USD so far. */
  cost: number;
  /** What was gone beyond: USD, calls or repetitions, by the reason. */
  limit: number;
  /** First call of the run, milliseconds since 1970. */
  since: number;
}

interface OpenRun {
  since: number;
  last: number;
  calls: number;
  cost: number;
  largest: number;
  repeats: number;
  alarmed: boolean;
}

/** What the guard knows between calls. */
export interface RunGuardState {
  runs: [id: string, run: OpenRun][];
  costs: HistogramState;
  counts: HistogramState;
  repeats: HistogramState;
  limits: Limits | null;
  swept: number;
}

interface Limits {
  cost: number;
  calls: number;
  repeats: number;
}

const hour = 3_600_000;
/** A run that has been silent for so long has ended. */
const idle = hour / 2;
/** Of one group; the one that has been silent longest is taken as ended. */
const mostRuns = 1_000;
const leastRuns = 50;
const leastCalls = 30;
const beyond = 2;
/** Repetitions that are too many: of a group of which little is known, and in any. */
const firstRepeats = 6;
const leastRepeats = 5;
const leastRepeatedShare = 0.25;
/** When so many runs are known, all of them count for half: what runs are like may change. */
const mostKnown = 20_000;

/**
 * Tells runs that run away: far dearer or longer than 999 in a thousand others, or repeating themselves as
 * others do not. The largest call of a run is left out of its cost: one large document is no loop.
 */
export class RunGuard {
  readonly #runs: Map<string, OpenRun>;
  readonly #costs: LogHistogram;
  readonly #counts: LogHistogram;
  readonly #repeats: LogHistogram;
  #limits: Limits | null;
  #swept: number;

  constructor(state?: RunGuardState) {
    this.#runs = new Map(state?.runs.map(([id, run]) => [id, { ...run }]));
    this.#costs = state ? LogHistogram.fromJSON(state.costs) : new LogHistogram();
    this.#counts = state ? LogHistogram.fromJSON(state.counts) : new LogHistogram();
    this.#repeats = state ? LogHistogram.fromJSON(state.repeats) : new LogHistogram();
    this.#limits = state?.limits ?? null;
    this.#swept = state?.swept ?? 0;
  }

  toJSON(): RunGuardState {
    return {
      runs: [...this.#runs].map(([id, run]) => [id, { ...run }]),
      costs: this.#costs.toJSON(),
      counts: this.#counts.toJSON(),
      repeats: this.#repeats.toJSON(),
      limits: this.#limits,
      swept: this.#swept,
    };
  }

  /** Whether the run has been told already. */
  hasAlarmed(run: string): boolean {
    return this.#runs.get(run)?.alarmed ?? false;
  }

  /** Adds a call of a run; tells the run once. `judged`: false for history. */
  observe(
    call: { at: number; run: string; cost: number | null; repeated: boolean },
    judged = true,
  ): RunAlarm | null {
    const { at, run: id, repeated } = call;
    const cost = call.cost ?? 0;
    if (at - this.#swept > idle / 6) this.#sweep(at);
    let run = this.#runs.get(id);
    if (run === undefined) {
      run = { since: at, last: at, calls: 0, cost: 0, largest: 0, repeats: 0, alarmed: false };
      if (this.#runs.size >= mostRuns) this.#end(this.#runs.keys().next().value!);
    } else this.#runs.delete(id);
    // Last in the map is the one that called last.
    this.#runs.set(id, run);
    run.last = Math.max(run.last, at);
    run.calls += 1;
    run.cost += cost;
    run.largest = Math.max(run.largest, cost);
    if (repeated) run.repeats += 1;
    if (run.alarmed || !judged) return null;
    const alarm = this.#judge(id, run);
    if (alarm !== null) run.alarmed = true;
    return alarm;
  }

  #judge(id: string, run: OpenRun): RunAlarm | null {
    const limits = this.#limits;
    const { calls, cost, since } = run;
    const alarm = (reason: RunAlarm['reason'], limit: number): RunAlarm => ({
      run: id,
      reason,
      calls,
      cost,
      limit,
      since,
    });
    if (limits !== null) {
      if (cost - run.largest > limits.cost) return alarm('cost', limits.cost);
      if (calls > limits.calls) return alarm('calls', limits.calls);
    }
    const mostRepeats = limits?.repeats ?? firstRepeats;
    return run.repeats >= mostRepeats && run.repeats / calls > leastRepeatedShare
      ? alarm('repeats', mostRepeats)
      : null;
  }

  /** Runs that have ended become part of what runs are like; those that alarmed do not. */
  #sweep(now: number): void {
    this.#swept = now;
    for (const [id, run] of this.#runs) if (now - run.last > idle) this.#end(id);
    if (this.#counts.total < leastRuns) return;
    const known = [this.#costs, this.#counts, this.#repeats];
    if (this.#counts.total > mostKnown) for (const histogram of known) histogram.fade(0.5);
    const top = (histogram: LogHistogram) => Math.exp(histogram.quantile(0.999));
    this.#limits = {
      // Without any cost known, none is too much.
      cost: this.#costs.total < leastRuns ? Number.MAX_VALUE : beyond * top(this.#costs),
      calls: Math.max(leastCalls, beyond * top(this.#counts)),
      repeats: Math.max(leastRepeats, Math.round(top(this.#repeats) - 1) + 2),
    };
  }

  #end(id: string): void {
    const run = this.#runs.get(id)!;
    this.#runs.delete(id);
    if (run.alarmed) return;
    this.#counts.add(binOf(Math.log(run.calls)));
    this.#repeats.add(binOf(Math.log(1 + run.repeats)));
    if (run.cost > 0) this.#costs.add(binOf(Math.log(run.cost)));
  }
}
