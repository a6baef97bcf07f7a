import type { ObservedCall } from '../src/detect/observed-call.js';
import { inverseNormal } from '../src/detect/normal.js';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
/** A Monday. */
export const start = Date.UTC(2026, 9, 5);

/** Uniform draws, the same at every run. */
export function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 4_294_967_296;
  };
}

/** One call every six minutes, 240 a day; sizes spread by 60 % about 2,000 tokens in and 300 out. */
export function streamOf(
  seed: number,
  days: number,
  change: (call: ObservedCall, at: number) => ObservedCall = (call) => call,
): ObservedCall[] {
  const next = uniforms(seed);
  const calls: ObservedCall[] = [];
  for (let at = start; at < start + days * day; at += 6 * minute) {
    const input = 2_000 * Math.exp(0.6 * inverseNormal(next()));
    const output = 300 * Math.exp(0.6 * inverseNormal(next()));
    const run = `run-${Math.floor(calls.length / 6)}`;
    const repeated = next() < 0.02;
    const retry = next() < 0.01;
    const call = callOf({ at, input, output, run, repeated, retry });
    calls.push(change(call, at));
  }
  return calls;
}

export function callOf({
  at,
  input = 2_000,
  output = 300,
  dearer = 1,
  ...rest
}: Partial<Omit<ObservedCall, 'tokens' | 'cost' | 'unit_price'>> & {
  at: number;
  input?: number;
  output?: number;
  dearer?: number;
}): ObservedCall {
  return {
    at,
    cost: (input * 3e-6 + output * 15e-6) * dearer,
    tokens: { uncached: input, cache_read: 0, cache_write: 0, output },
    unit_price: 15e-6 * dearer,
    estimate: null,
    template: null,
    run: null,
    attributed: true,
    retry: false,
    repeated: false,
    ...rest,
  };
}

/** The same call with other sizes or at another price: factors. */
export function resized(
  call: ObservedCall,
  { input = 1, output = 1, dearer = 1 }: { input?: number; output?: number; dearer?: number },
): ObservedCall {
  const { at, template, run, attributed, retry, repeated, tokens } = call;
  return callOf({
    at,
    template,
    run,
    attributed,
    retry,
    repeated,
    input: tokens.uncached * input,
    output: tokens.output * output,
    dearer,
  });
}
