import { GroupKeys, keySeparator, type Keys } from './group-keys.js';
import { keepNewest } from './keep-newest.js';
import { SlidingQuantiles } from './sliding-quantiles.js';

/** What output lengths are learned by. Absent parts are a group of their own (`unattributed`). */
export interface OutputGroup {
  feature?: string | undefined;
  template_version?: string | undefined;
  model: string;
}

/** How many output tokens a call will take. `q95`: a share of 95 % of such calls takes no more. */
export interface OutputPrediction {
  /** For budgets of many calls, where overestimates and underestimates cancel out. */
  mean: number;
  q50: number;
  q95: number;
  q99: number;
  /** What it rests on: calls of the same group and input size, of the group, of the model, of all; or nothing yet. */
  basis: 'size' | 'template' | 'feature' | 'model' | 'all' | 'none';
  /** How many calls it rests on. */
  calls: number;
}

/** The learned state as plain data, to be written and read again. */
export interface OutputModelState {
  version: 1;
  windows: [key: string, values: number[]][];
  levels: [key: string, levels: number[]][];
}

const targets = [0.5, 0.95, 0.99] as const;

/**
 * How far a level moves when a call proves it wrong (γ of adaptive conformal inference; Gibbs and
 * Candès, 2021). 0.02 held on all the traces that were measured: docs/benchmarks.md.
 */
const stepSize = 0.02;

/** A level may fall to here, so that a lucky streak does not make it forget what it is for. */
const lowestLevel = [0.2, 0.9, 0.94] as const;
const highestLevel = 1.02;
/** Above level 1 no recorded value is large enough: half as much again as the largest. */
const beyondLargest = 1.5;

const sizes = { size: 500, template: 1_000, feature: 1_000, model: 1_000, all: 2_000 } as const;
/** From so many calls on a window speaks for itself. */
const enough = { size: 40, template: 20, feature: 20, model: 20, all: 50 } as const;
type Basis = keyof typeof sizes;

export interface OutputModelOptions {
  /** Most windows kept; the one that was not used for longest goes. Default 4,096 (about 16 MB). */
  windows?: number;
}

/**
 * Learns output lengths online: empirical quantiles over the last calls of a group and input size,
 * backing off to coarser groups while there are too few, kept calibrated by adaptive conformal
 * inference. Knows counts only, never text.
 */
export class OutputModel {
  readonly #limit: number;
  readonly #windows = new Map<string, SlidingQuantiles>();
  readonly #levels = new Map<string, number[]>();
  readonly #keys = new GroupKeys();

  constructor({ windows = 4_096 }: OutputModelOptions = {}) {
    this.#limit = windows;
  }

  static restore(state: OutputModelState, options?: OutputModelOptions): OutputModel {
    const model = new OutputModel(options);
    for (const [key, values] of state.windows) {
      // Of a later version, with finer groups: this one learns without them.
      if (!Object.hasOwn(sizes, basisOf(key))) continue;
      const window = new SlidingQuantiles(sizes[basisOf(key)]);
      for (const value of values) window.add(value);
      model.#windows.set(key, window);
    }
    for (const [key, levels] of state.levels) model.#levels.set(key, [...levels]);
    return model;
  }

  /** Undefined quantiles never come out: with nothing learned, `basis` is `none` and all are 0. */
  predict(group: OutputGroup, inputTokens: number): OutputPrediction {
    const keys = this.#keys.of(group);
    for (const basis of bases) {
      const window = this.#windows.get(keyIn(keys, basis, inputTokens));
      if (window === undefined || window.count < enough[basis]) continue;
      const levels = this.#levels.get(keys.template) ?? targets;
      const q50 = quantileAt(window, levels[0]!);
      const q95 = Math.max(quantileAt(window, levels[1]!), q50);
      const q99 = Math.max(quantileAt(window, levels[2]!), q95);
      return { mean: window.mean, q50, q95, q99, basis, calls: window.count };
    }
    return { mean: 0, q50: 0, q95: 0, q99: 0, basis: 'none', calls: 0 };
  }

  /**
   * Learns how a call came out. `predicted` is the estimate with which it went out; without it the
   * present one is judged instead.
   */
  learn(
    group: OutputGroup,
    inputTokens: number,
    outputTokens: number,
    predicted: Pick<OutputPrediction, 'q50' | 'q95' | 'q99' | 'basis'> = this.predict(
      group,
      inputTokens,
    ),
  ): void {
    const keys = this.#keys.of(group);
    const known = this.#levels.get(keys.template);
    const levels = known ?? [...targets];
    if (predicted.basis !== 'none') {
      adapt(levels, 0, outputTokens > predicted.q50);
      adapt(levels, 1, outputTokens > predicted.q95);
      adapt(levels, 2, outputTokens > predicted.q99);
    }
    keepNewest(this.#levels, keys.template, levels, known === undefined, this.#limit);
    for (const basis of bases) {
      const key = keyIn(keys, basis, inputTokens);
      const seen = this.#windows.get(key);
      const window = seen ?? new SlidingQuantiles(sizes[basis]);
      window.add(outputTokens);
      keepNewest(this.#windows, key, window, seen === undefined, this.#limit);
    }
  }

  state(): OutputModelState {
    return {
      version: 1,
      windows: [...this.#windows].map(([key, window]) => [key, window.values()]),
      levels: [...this.#levels].map(([key, levels]) => [key, [...levels]]),
    };
  }
}

/** Above level 1 no recorded value is large enough. */
function quantileAt(window: SlidingQuantiles, level: number): number {
  return level < 1 ? window.quantile(Math.max(level, 0.01)) : window.largest * beyondLargest;
}

/** Moves a level up where the call took more than was predicted, and a little down where it did not. */
function adapt(levels: number[], index: 0 | 1 | 2, missed: boolean): void {
  const level = levels[index]! + stepSize * ((missed ? 1 : 0) - (1 - targets[index]));
  levels[index] = Math.min(Math.max(level, lowestLevel[index]), highestLevel);
}

/** From the finest to the coarsest. */
const bases = ['size', 'template', 'feature', 'model', 'all'] as const satisfies Basis[];

function keyIn(keys: Keys, basis: Basis, inputTokens: number): string {
  if (basis === 'all') return 'all';
  if (basis !== 'size') return keys[basis];
  // Binned by half octaves: 1.41 times as long is another bin.
  const bin = Math.trunc(2 * Math.log2(inputTokens + 1));
  return (keys.sizes[bin] ??= `size${keySeparator}${bin}${keySeparator}${keys.template}`);
}

function basisOf(key: string): Basis {
  return key.split(keySeparator, 1)[0] as Basis;
}
