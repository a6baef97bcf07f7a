import type { Reconciliation, ReconciliationCause, ReconciledDay } from '@farthing/core';
import { chartNumber, parseUsd } from '../money/usd.js';

/** One step of the way from the ledger's sum to the provider's. Bounds are shares of the drawn span. */
export interface Step {
  key: string;
  title: string;
  /** Signed: what the provider's figure has more than the ledger's by this. */
  usd: string;
  /** Where the step begins and ends, 0 to 1 from the left. */
  from: number;
  to: number;
  /** Null for the unexplained rest. */
  cause: ReconciliationCause | null;
}

/**
 * The way from the ledger's sum to the provider's, cause by cause and the unexplained rest last, on a
 * scale that spans just the difference: beside whole sums, a difference of a thousandth is invisible.
 */
export function stepsOf(run: Reconciliation): Step[] {
  const parts = [
    ...run.causes.map((cause) => ({ key: cause.cause, title: cause.title, usd: cause.usd, cause })),
    { key: 'unexplained', title: 'Unexplained', usd: run.unexplained_usd, cause: null },
  ];
  let position = 0n;
  const placed = parts.map((part) => {
    const from = position;
    position += parseUsd(part.usd);
    return { ...part, start: from, end: position };
  });
  const ends = placed.flatMap(({ start, end }) => [start, end]);
  const low = ends.reduce((least, end) => (end < least ? end : least), 0n);
  const high = ends.reduce((most, end) => (end > most ? end : most), 0n);
  const share = (at: bigint) => (high === low ? 0 : Number(at - low) / Number(high - low));
  return placed.map(({ start, end, ...part }) => ({
    ...part,
    from: share(start < end ? start : end),
    to: share(start < end ? end : start),
  }));
}

/** A day as a column: its height among the days, and how much of it is not accounted for. */
export interface DayColumn {
  day: ReconciledDay;
  height: number;
  /** Share of the column, 0 to 1; null where the provider billed nothing. */
  missed: number | null;
}

const shownDays = 60;

/** The latest days, the dearest of them as high as the chart. */
export function dayColumns(days: readonly ReconciledDay[]): DayColumn[] {
  const shown = days.slice(-shownDays);
  const amounts = shown.map((day) => Math.max(0, chartNumber(day.provider_usd)));
  const most = Math.max(...amounts, 0);
  return shown.map((day, index) => ({
    day,
    height: most === 0 ? 0 : (amounts[index] as number) / most,
    missed: day.accuracy === null ? null : Math.min(1, Math.max(0, 1 - day.accuracy)),
  }));
}

/**
 * `0.99841` → `99.84%`. Rounded down, so that only what is complete says 100 %: the figure is a promise.
 */
export function formatAccuracy(accuracy: number | null): string {
  if (accuracy === null) return '–';
  const hundredths = Math.floor(Math.max(0, accuracy) * 10_000 + 1e-9);
  return `${(hundredths / 100).toFixed(2).replace(/\.?0+$/, '')}%`;
}

/** Neither side has anything: there is nothing to be accurate about. */
export const isIdle = ({
  provider_usd: provider,
  ledger_usd: ledger,
  models,
}: Reconciliation): boolean =>
  parseUsd(provider) === 0n && parseUsd(ledger) === 0n && models.length === 0;

/**
 * What the ledger has beyond the provider's figure, as a positive decimal; null when it has not more.
 * The accuracy says nothing of it: that is a share of what the provider reports.
 */
export function beyondProvider({ difference_usd: difference }: Reconciliation): string | null {
  return parseUsd(difference) < 0n ? difference.replace('-', '') : null;
}

/** What to do about each cause that moves money, the largest first, each thing once. */
export function nextSteps({ causes }: Reconciliation): ReconciliationCause[] {
  const size = ({ usd }: ReconciliationCause) => {
    const amount = parseUsd(usd);
    return amount < 0n ? -amount : amount;
  };
  const moving = causes.filter((cause) => size(cause) > 0n);
  const seen = new Set<string>();
  return moving
    .toSorted((left, right) => (size(left) < size(right) ? 1 : size(left) > size(right) ? -1 : 0))
    .filter(({ next_step: step, command }) => {
      const key = `${step} ${command ?? ''}`;
      return !seen.has(key) && seen.add(key);
    });
}
