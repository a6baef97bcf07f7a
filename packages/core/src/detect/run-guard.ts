import { binOf, LogHistogram } from './log-histogram.js';

export interface RunAlarm {
  run: string;
  reason: 'cost' | 'calls' | 'repeats';
  calls: number;
  /** USD so far. */
  cost: number;
  limit: number;
  since: number;
}

interface OpenRun {
  since: number;
  last: number;
  calls: number;
  cost: number;
  largest: number;
  repeats: number;
  /** Whether each of the last ten calls was a repetition, one bit each. */
  recent: number;
  alarmed: boolean;
}

const hour = 3_600_000;
/** A run that has been silent for so long has ended. */
const idle = hour / 2;
const mostRuns = 2_000;
const leastRuns = 50;
const leastCalls = 30;
const beyond = 2;

/**
 * Stops runs that run away: far dearer or longer than a thousand others were, or repeating themselves. The
 * largest call of a run is left out of its cost: one large document is no loop.
 */
export class RunGuard {
  readonly #runs = new Map<string, OpenRun>();
  readonly #costs = new LogHistogram();
  readonly #counts = new LogHistogram();
  #limits: { cost: number; calls: number } | null = null;
  #swept = 0;

  observe(call: {
    at: number;
    run: string;
    cost: number | null;
    repeated: boolean;
  }): RunAlarm | null {
    const { at, run: id, repeated } = call;
    const cost = call.cost ?? 0;
    if (at - this.#swept > idle / 6) this.#sweep(at);
    let run = this.#runs.get(id);
    if (run === undefined) {
      run = {
        since: at,
        last: at,
        calls: 0,
        cost: 0,
        largest: 0,
        repeats: 0,
        recent: 0,
        alarmed: false,
      };
      if (this.#runs.size >= mostRuns) this.#end(this.#runs.keys().next().value!);
    } else this.#runs.delete(id);
    this.#runs.set(id, run);
    run.last = at;
    run.calls += 1;
    run.cost += cost;
    run.largest = Math.max(run.largest, cost);
    if (repeated) run.repeats += 1;
    run.recent = ((run.recent << 1) | (repeated ? 1 : 0)) & 0x3ff;
    if (run.alarmed) return null;
    const alarm = this.#judge(id, run);
    if (alarm !== null) run.alarmed = true;
    return alarm;
  }

  #judge(id: string, run: OpenRun): RunAlarm | null {
    const limits = this.#limits;
    const alarm = (reason: RunAlarm['reason'], limit: number): RunAlarm => ({
      run: id,
      reason,
      calls: run.calls,
      cost: run.cost,
      limit,
      since: run.since,
    });
    if (limits !== null) {
      if (run.cost - run.largest > limits.cost) return alarm('cost', limits.cost);
      if (run.calls > limits.calls) return alarm('calls', limits.calls);
    }
    if (run.repeats >= 6 && run.repeats / run.calls > 0.25) return alarm('repeats', 6);
    return null;
  }

  /** Runs that have ended become part of what runs are like; those that alarmed do not. */
  #sweep(now: number): void {
    this.#swept = now;
    for (const [id, run] of this.#runs) if (now - run.last > idle) this.#end(id);
    if (this.#counts.total < leastRuns) return;
    this.#limits = {
      cost: beyond * Math.exp(this.#costs.quantile(0.999)),
      calls: Math.max(leastCalls, beyond * Math.exp(this.#counts.quantile(0.999))),
    };
  }

  #end(id: string): void {
    const run = this.#runs.get(id)!;
    this.#runs.delete(id);
    if (run.alarmed) return;
    this.#counts.add(binOf(Math.log(run.calls)));
    if (run.cost > 0) this.#costs.add(binOf(Math.log(run.cost)));
  }
}
