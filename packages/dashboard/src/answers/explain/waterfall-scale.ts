import type { ExplainReport, ExplainStep } from '@farthing/core';
import { parseUsd } from '../../money/usd.js';

/** Where a bar lies, in shares of the drawn width. */
export interface Span {
  from: number;
  to: number;
}

export interface WaterfallScale {
  before: Span;
  after: Span;
  /** One for each step. */
  steps: Span[];
  /** Picodollars at the left edge: 0 unless the whole sums would make the steps invisible. */
  begins: bigint;
}

/** Steps that would take less of the width than this are drawn on an axis that is cut off. */
const leastPart = 0.2;

/** Lays the sums and the steps between them on one axis. It begins at nothing where the steps can be seen so. */
export function waterfallScale(
  report: Pick<ExplainReport, 'before_usd' | 'after_usd'> & {
    steps: readonly Pick<ExplainStep, 'from_usd' | 'to_usd'>[];
  },
): WaterfallScale {
  const before = parseUsd(report.before_usd);
  const after = parseUsd(report.after_usd);
  const steps = report.steps.map(
    (step) => [parseUsd(step.from_usd), parseUsd(step.to_usd)] as const,
  );
  const levels = [before, after, ...steps.flat()];
  const high = levels.reduce((most, level) => (level > most ? level : most));
  const low = levels.reduce((least, level) => (level < least ? level : least));
  const isCut = low > 0n && Number(high - low) < leastPart * Number(high);
  // The sums keep a stump at the left edge, a tenth of the width.
  const begins = low < 0n ? low : isCut ? low - (high - low) / 9n : 0n;
  const place = (level: bigint) =>
    high === begins ? 0 : Number(level - begins) / Number(high - begins);
  const span = (start: bigint, end: bigint): Span => ({
    from: place(start < end ? start : end),
    to: place(start < end ? end : start),
  });
  const origin = begins > 0n ? begins : 0n;
  return {
    before: span(origin, before),
    after: span(origin, after),
    steps: steps.map(([from, to]) => span(from, to)),
    begins: begins > 0n ? begins : 0n,
  };
}
