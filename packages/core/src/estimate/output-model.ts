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
    const found = this.#find(keysOf(group, inputTokens));
    if (found === null) return { mean: 0, q50: 0, q95: 0, q99: 0, basis: 'none', calls: 0 };
    const { window, basis } = found;
    const levels = this.#levels.get(templateKey(group)) ?? targets;
    const [q50, q95, q99] = quantiles(window, levels);
    return { mean: window.mean, q50, q95, q99, basis, calls: window.count };
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
    const key = templateKey(group);
    const levels = this.#levels.get(key) ?? [...targets];
    if (predicted.basis !== 'none') {
      const shown = [predicted.q50, predicted.q95, predicted.q99];
      targets.forEach((target, index) => {
        const missed = outputTokens > shown[index]! ? 1 : 0;
        const level = levels[index]! + stepSize * (missed - (1 - target));
        levels[index] = Math.min(Math.max(level, lowestLevel[index]!), highestLevel);
      });
    }
    keep(this.#levels, key, levels, this.#limit);
    for (const [basis, windowKey] of keysOf(group, inputTokens)) {
      const window = this.#windows.get(windowKey) ?? new SlidingQuantiles(sizes[basis]);
      window.add(outputTokens);
      keep(this.#windows, windowKey, window, this.#limit);
    }
  }

  state(): OutputModelState {
    return {
      version: 1,
      windows: [...this.#windows].map(([key, window]) => [key, window.values()]),
      levels: [...this.#levels].map(([key, levels]) => [key, [...levels]]),
    };
  }

  #find(keys: readonly [Basis, string][]): { window: SlidingQuantiles; basis: Basis } | null {
    for (const [basis, key] of keys) {
      const window = this.#windows.get(key);
      if (window !== undefined && window.count >= enough[basis]) return { window, basis };
    }
    return null;
  }
}

function quantiles(
  window: SlidingQuantiles,
  levels: readonly number[],
): [q50: number, q95: number, q99: number] {
  const at = (level: number) =>
    level < 1 ? window.quantile(Math.max(level, 0.01)) : window.largest * beyondLargest;
  const q50 = at(levels[0]!);
  const q95 = Math.max(at(levels[1]!), q50);
  return [q50, q95, Math.max(at(levels[2]!), q95)];
}

const separator = '\u001f';

function templateKey({ feature = '', template_version: template = '', model }: OutputGroup) {
  return `template${separator}${model}${separator}${feature}${separator}${template}`;
}

/** From the finest to the coarsest. Input sizes are binned by half octaves: 1.41 times as long is another bin. */
function keysOf(group: OutputGroup, inputTokens: number): [Basis, string][] {
  const template = templateKey(group);
  const bin = Math.trunc(2 * Math.log2(inputTokens + 1));
  return [
    ['size', `size${separator}${bin}${separator}${template}`],
    ['template', template],
    ['feature', `feature${separator}${group.model}${separator}${group.feature ?? ''}`],
    ['model', `model${separator}${group.model}`],
    ['all', 'all'],
  ];
}

function basisOf(key: string): Basis {
  return key.split(separator, 1)[0] as Basis;
}

/**
 * Sets a key and makes it the newest; the oldest goes when there are too many. While there is plenty of
 * room the order does not matter yet, and moving a key to the end costs more than all else here.
 */
function keep<Value>(map: Map<string, Value>, key: string, value: Value, limit: number): void {
  if (map.size >= limit / 2) map.delete(key);
  map.set(key, value);
  if (map.size <= limit) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
