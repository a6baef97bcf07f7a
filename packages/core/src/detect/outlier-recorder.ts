import { binOf, LogHistogram, type HistogramState } from './log-histogram.js';
import { RecentMap } from './recent-map.js';

/** A call that costs far more than others of its kind. */
export interface CostOutlier {
  at: number;
  /** USD, as its median is. */
  cost: number;
  median: number;
  /** `cost` by `median`. */
  factor: number;
  /** How likely a cost like it, or a larger one, is among calls of its kind. */
  probability: number;
  /** What it was compared with: calls of its own feature and model, or all calls while those are few. */
  among: 'own' | 'all';
  /** Calls compared with. */
  calls: number;
}

/** What the recorder knows between calls. */
export interface OutlierState {
  all: ReferenceState;
  kinds: [kind: string, reference: ReferenceState][];
}

interface ReferenceState {
  costs: HistogramState;
  tail: Tail | null;
  due: number;
}

/** Below so many calls of a kind, all calls are what it is compared with. */
const leastCalls = 30;
/** About so many of the last calls are remembered: then all count for half. */
const mostCalls = 2_000;
const mostKinds = 10_000;
/** Where the tail begins, and where an outlier lies in it. */
const tailShare = 0.05;
const outlierShare = 1e-3;
const leastFactor = Math.log(3);
/** Costs spread at least so much: among calls that are all alike, any other would be an outlier. */
const leastExcess = 0.1;
/** What is known of the tail is calculated anew when calls have become so many times more. */
const growth = 1.05;

/**
 * Records calls that cost what one call in a thousand of their feature and model would, and more than three
 * times the median. The tail of the logarithms of cost is taken as exponential (peaks over threshold,
 * J. Pickands, "Statistical inference using extreme order statistics", 1975). An outlier is recorded and
 * nothing else: one call is one call.
 */
export class OutlierRecorder {
  readonly #all: Reference;
  readonly #kinds: RecentMap<Reference>;

  constructor(state?: OutlierState) {
    this.#all = newReference(state?.all);
    const kinds = (state?.kinds ?? []).map(([kind, each]): [string, Reference] => [
      kind,
      newReference(each),
    ]);
    this.#kinds = new RecentMap(mostKinds, kinds);
  }

  toJSON(): OutlierState {
    return {
      all: stateOf(this.#all),
      kinds: this.#kinds.entries().map(([kind, reference]) => [kind, stateOf(reference)]),
    };
  }

  /**
   * Adds a call.
   *
   * @param call `group`: the key of its feature (or agent); `cost` in USD, null where it is not known.
   * @param judged false for history: it is learnt from and never recorded.
   */
  observe(
    call: { at: number; cost: number | null; group: string; model: string },
    judged = true,
  ): CostOutlier | null {
    const { at, cost } = call;
    if (cost === null || cost <= 0) return null;
    const size = Math.log(cost);
    const own = this.#kindOf(`${call.group}\n${call.model}`);
    const among = own.costs.total >= leastCalls ? 'own' : 'all';
    const reference = among === 'own' ? own : this.#all;
    const tail = tailOf(reference);
    const calls = Math.round(reference.costs.total);
    const found =
      tail !== null &&
      size > Math.max(tail.floor, tail.median + leastFactor) &&
      (among === 'own' || isBeyondFew(own, size));
    // Beyond the floor, size is no matter: one absurd price would hide all that come after it.
    const learnt =
      tail === null ? size : Math.min(size, Math.max(tail.floor, tail.median + leastFactor));
    learn(own, among === 'own' ? learnt : size);
    learn(this.#all, among === 'all' ? learnt : size);
    if (!found || !judged) return null;
    return {
      at,
      cost,
      median: Math.exp(tail.median),
      factor: Math.exp(size - tail.median),
      probability: tailShare * Math.exp(-(size - tail.start) / tail.excess),
      among,
      calls,
    };
  }

  #kindOf(kind: string): Reference {
    let reference = this.#kinds.use(kind);
    if (reference === undefined) this.#kinds.set(kind, (reference = newReference()));
    return reference;
  }
}

/** Logarithms of cost, and what was last calculated of them. */
interface Reference {
  costs: LogHistogram;
  tail: Tail | null;
  /** Calculated anew from so many calls on. */
  due: number;
}

/** Logarithms. */
interface Tail {
  median: number;
  start: number;
  excess: number;
  floor: number;
}

function newReference(state?: ReferenceState): Reference {
  return {
    costs: state ? LogHistogram.fromJSON(state.costs) : new LogHistogram(),
    tail: state?.tail ?? null,
    due: state?.due ?? leastCalls,
  };
}

const stateOf = ({ costs, tail, due }: Reference): ReferenceState => ({
  costs: costs.toJSON(),
  tail,
  due,
});

function learn(reference: Reference, size: number): void {
  reference.costs.add(binOf(size));
  if (reference.costs.total <= mostCalls) return;
  reference.costs.fade(0.5);
  reference.due = 0;
}

/** A kind that is new may be dear as such: of the few calls that it has had, it must be beyond those, too. */
function isBeyondFew({ costs }: Reference, size: number): boolean {
  return costs.total === 0 || size > costs.quantile(0.5) + leastFactor;
}

function tailOf(reference: Reference): Tail | null {
  const { costs } = reference;
  if (costs.total < leastCalls) return null;
  if (reference.tail === null || costs.total >= reference.due) {
    const start = costs.quantile(1 - tailShare);
    const excess = Math.max(costs.excess(start).mean, leastExcess);
    const floor = start + excess * Math.log(tailShare / outlierShare);
    reference.tail = { median: costs.quantile(0.5), start, excess, floor };
    reference.due = costs.total * growth;
  }
  return reference.tail;
}
