import type { DriftRow } from '@farthing/core';

/** The measure that stands for a row: its cost where that is judged, else the tokens that are off most. */
export function leadingBias({ cost, input, output }: DriftRow): DriftRow['cost'] {
  if (cost.verdict !== 'not_judged') {
    const biased = [cost, output, input].find(({ verdict }) => isBiased(verdict));
    return biased ?? cost;
  }
  return [output, input].find(({ verdict }) => isBiased(verdict)) ?? cost;
}

const isBiased = (verdict: string) => verdict === 'too_low' || verdict === 'too_high';

/** Calls took so many times what was expected; beyond this the scale ends. */
const widest = 4;

/** Where a ratio stands between a quarter (0) and four times (1); what was expected is the middle. */
export function placeOf(ratio: number): number {
  const bounded = Math.min(widest, Math.max(1 / widest, ratio));
  return 0.5 + Math.log(bounded) / (2 * Math.log(widest));
}

/** `1.42 ×`, with as many digits as tell it from 1. */
export const ratioWords = (ratio: number | null): string =>
  ratio === null ? '–' : `${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2)} ×`;
