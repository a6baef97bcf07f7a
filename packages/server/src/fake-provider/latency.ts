import type { Directives } from './directives.js';
import type { Answer } from './exchange.js';

/** `realistic`: by model family, lognormal. `none`: as fast as possible. Numbers in milliseconds. */
export type Latency = 'realistic' | 'none' | { firstByteMs: number; perTokenMs: number };

export interface Pace {
  firstByteMs: number;
  perTokenMs: number;
  /** When set, frames come at this interval whatever they hold. */
  chunkMs: number | undefined;
}

export function paceOf(latency: Latency, answer: Answer, directives: Directives): Pace {
  const { random, profile } = answer;
  const drawn =
    latency === 'realistic'
      ? {
          firstByteMs: random.lognormal(profile.firstByteMedian, 0.35),
          perTokenMs: 1000 / random.lognormal(profile.tokensPerSecond, 0.25),
        }
      : latency === 'none'
        ? { firstByteMs: 0, perTokenMs: 0 }
        : latency;
  return {
    firstByteMs: directives.delayMs ?? drawn.firstByteMs,
    perTokenMs: drawn.perTokenMs,
    chunkMs: directives.chunkDelayMs,
  };
}
