import type {
  OutputModel,
  OutputPrediction,
} from '../../packages/core/src/estimate/output-model.js';
import type { TracedCall } from './traces.js';

export interface Score {
  /** Σ|estimate − actual| ÷ Σ actual. */
  wape: number;
  /** Share of calls that took no more than their q95, and that of the worst 500 in a row. */
  coverage95: number;
  worst500: number;
  coverage99: number;
  /** What the q99 would hold, and what max_tokens would, by what was used. */
  holdQ99: number;
  holdMaximum: number;
}

const maxTokens = 4_096;

/** Predict each call from those before it, then learn it: what a gateway does, in the same order. */
export function prequential(calls: readonly TracedCall[], model: OutputModel): Score {
  return scored(calls, ({ group, input, output }) => {
    const prediction = model.predict(group, input);
    model.learn(group, input, output, prediction);
    return prediction;
  });
}

/** The naive estimate: the same number for every call. */
export function constant(calls: readonly TracedCall[], tokens: number): Score {
  return scored(calls, () => ({ q50: tokens, q95: tokens, q99: tokens, basis: 'all' }));
}

function scored(
  calls: readonly TracedCall[],
  predict: (call: TracedCall) => Pick<OutputPrediction, 'q50' | 'q95' | 'q99' | 'basis'>,
): Score {
  let error = 0;
  let actual = 0;
  let held = 0;
  const covered: boolean[] = [];
  let covered99 = 0;
  for (const call of calls) {
    const found = predict(call);
    // Before anything is learned the hold is what the call may take at most.
    const { q50, q95, q99 } =
      found.basis === 'none' ? { q50: maxTokens, q95: maxTokens, q99: maxTokens } : found;
    error += Math.abs(q50 - call.output);
    actual += call.output;
    held += q99;
    covered.push(call.output <= q95);
    if (call.output <= q99) covered99 += 1;
  }
  return {
    wape: error / actual,
    coverage95: share(covered),
    worst500: Math.min(
      ...Array.from({ length: Math.floor(covered.length / 500) }, (_, block) =>
        share(covered.slice(block * 500, block * 500 + 500)),
      ),
    ),
    coverage99: covered99 / calls.length,
    holdQ99: held / actual,
    holdMaximum: (maxTokens * calls.length) / actual,
  };
}

function share(flags: readonly boolean[]): number {
  return flags.filter(Boolean).length / flags.length;
}
