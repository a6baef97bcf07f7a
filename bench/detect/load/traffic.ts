import type { WatchedCall } from '@farthing/core';
import { Draw } from '../draw.js';

export const day = 86_400_000;
/** Of one thousand calls, so many are of runs; a run has six. */
const runShare = 0.3;
const callsPerRun = 6;

/**
 * Calls of many features, the n-th of which has 1/n of the first one's (Zipf), as the control plane's detectors
 * get them: already read from the journal. Sizes spread by 60 % about what is usual for the feature.
 */
export class Traffic {
  readonly #draw: Draw;
  readonly #upTo: Float64Array;
  readonly #runs = new Map<number, { id: string; calls: number }>();
  #count = 0;

  constructor(groups: number, seed: number) {
    this.#draw = new Draw(seed);
    this.#upTo = new Float64Array(groups);
    let sum = 0;
    for (let index = 0; index < groups; index++) this.#upTo[index] = sum += 1 / (index + 1);
  }

  /** The next call, of a feature by chance; `at`: milliseconds since 1970. */
  next(at: number): WatchedCall {
    return this.of(this.#feature(), at);
  }

  of(feature: number, at: number): WatchedCall {
    const draw = this.#draw;
    const input = (500 + (feature % 40) * 100) * Math.exp(draw.normal(0, 0.6));
    const output = (100 + (feature % 17) * 30) * Math.exp(draw.normal(0, 0.6));
    const cacheRead = feature % 3 === 0 && draw.uniform() < 0.8 ? 1_024 : 0;
    const model = `model-${feature % 5}`;
    const usd = input * 3e-6 + cacheRead * 0.3e-6 + output * 15e-6;
    const name = `feature-${feature}`;
    const template = `v${feature % 4}`;
    const version = { template_version: template, model };
    const values: Record<string, string> = { feature: name, provider: 'openai', model, all: '' };
    this.#count += 1;
    return {
      id: `call-${this.#count}`,
      group: { feature: name },
      key: `feature=${name}`,
      observed: {
        at,
        cost: usd,
        tokens: { uncached: input, cache_read: cacheRead, cache_write: 0, output },
        unit_price: 15e-6,
        estimate: usd * Math.exp(draw.normal(0, 0.3)),
        template,
        run: this.#run(feature),
        attributed: true,
        retry: draw.uniform() < 0.01,
        repeated: draw.uniform() < 0.02,
        sized: true,
      },
      cost: BigInt(Math.round(usd * 1e12)),
      provider: 'openai',
      model,
      values: version,
      endedAt: at + 1_000,
      knownAt: at + 1_000,
      valueOf: (dimension) => values[dimension] ?? null,
    };
  }

  #run(feature: number): string | null {
    if (this.#draw.uniform() > runShare) return null;
    let run = this.#runs.get(feature);
    if (run === undefined || run.calls >= callsPerRun) {
      run = { id: `run-${this.#count}`, calls: 0 };
      this.#runs.set(feature, run);
    }
    run.calls += 1;
    return run.id;
  }

  #feature(): number {
    const at = this.#draw.uniform(0, this.#upTo.at(-1)!);
    let low = 0;
    let high = this.#upTo.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#upTo[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
