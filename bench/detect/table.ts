import { incidentKinds, type Kind } from './cost-bench.js';
import type { Outcome } from './evaluate.js';
import { ours, type Judged } from './jobs.js';

const quantile = (values: number[], p: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))] ??
  NaN;

/** What stands in the table: by detector, by column. */
export type Figures = Record<string, Record<string, string>>;

/** Detections, delays and false alerts by detector. */
export function figuresOf(judged: readonly Judged[]): Figures {
  const detectors = Object.keys(judged[0]?.outcomes ?? {});
  return Object.fromEntries(
    detectors.map((detector) => [detector, figuresOfDetector(judged, detector)]),
  );
}

function figuresOfDetector(judged: readonly Judged[], detector: string): Record<string, string> {
  const isClean = ({ job }: Judged): boolean => job.kind !== 'volume';
  return {
    ...Object.fromEntries(incidentKinds.map((kind) => [kind, detection(judged, detector, kind)])),
    'false / clean week': falseRate(judged, detector, isClean),
    'single ones': falseRate(judged, detector, isClean, ({ falsePages }) => falsePages),
    'of one-offs': falseRate(judged, detector, ({ job }) => job.kind === 'one_off'),
    'while volume grew': pagedOnGrowth(judged, detector),
  };
}

/** One Markdown table. */
export function renderTable(figures: Figures): string {
  const columns = Object.keys(Object.values(figures)[0] ?? {});
  const rows = Object.entries(figures).map(([detector, cells]) => [
    detector,
    ...columns.map((column) => cells[column]!),
  ]);
  const lines = [['detector', ...columns], ['---', ...columns.map(() => '---:')], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Found of all, calls until then (median), and minutes: `24/24 · 12 calls · 1.1 min`. */
function detection(judged: readonly Judged[], detector: string, kind: Kind): string {
  const own = judged.filter(({ job }) => job.kind === kind);
  const delays = own.flatMap(({ outcomes }) => {
    const { delay } = outcomes[detector]!;
    return delay == null ? [] : [delay];
  });
  const found = `${delays.length}/${own.length}`;
  if (delays.length === 0) return found;
  const calls = quantile(
    delays.map((delay) => delay.calls),
    0.5,
  );
  const minutes = quantile(
    delays.map((delay) => delay.minutes),
    0.5,
  );
  return `${found} · ${calls} calls · ${minutes < 600 ? `${minutes.toFixed(1)} min` : `${(minutes / 60).toFixed(0)} h`}`;
}

function falseRate(
  judged: readonly Judged[],
  detector: string,
  included: (one: Judged) => boolean,
  countOf: (outcome: Outcome) => number = ({ falseAlerts }) => falseAlerts.length,
): string {
  const own = judged.filter(included).map(({ outcomes }) => outcomes[detector]!);
  const weeks = own.reduce((sum, { scoredWeeks }) => sum + scoredWeeks, 0);
  const alerts = own.reduce((sum, outcome) => sum + countOf(outcome), 0);
  return weeks === 0 ? '–' : (alerts / weeks).toFixed(alerts / weeks < 10 ? 2 : 0);
}

/** Streams in which it paged while volume grew, of all in which it did. */
function pagedOnGrowth(judged: readonly Judged[], detector: string): string {
  const own = judged.filter(({ job }) => job.kind === 'volume');
  const paged = own.filter(({ outcomes }) => outcomes[detector]!.pagedOnGrowth);
  return `${paged.length}/${own.length}`;
}

/** What we missed, and in how many calls it would have had to be found. */
export function renderMisses(judged: readonly Judged[]): string {
  const misses = judged.flatMap(({ job, outcomes }) => {
    const { delay, incidentCalls } = outcomes[ours]!;
    return delay === undefined ? [`${job.kind} at ${job.level} (${incidentCalls} calls)`] : [];
  });
  return `Missed by us: ${misses.length === 0 ? 'none' : misses.join(', ')}.`;
}

/** Doubled output against Lorden's bound: mean delay in calls, mean bound, and how many times it. */
export function renderStretch(judged: readonly Judged[]): string {
  const detectors = Object.keys(judged[0]?.outcomes ?? {});
  const own = judged.filter(({ bound }) => bound !== null);
  const bound = own.reduce((sum, each) => sum + each.bound!, 0) / own.length;
  const stretches = detectors.map((detector) => {
    const delays = own.flatMap(({ outcomes }) => outcomes[detector]!.delay?.calls ?? []);
    const mean = delays.reduce((sum, calls) => sum + calls, 0) / delays.length;
    return `${detector} ${mean.toFixed(0)} (${(mean / bound).toFixed(2)} ×)`;
  });
  return `Output doubled: Lorden's bound ${bound.toFixed(1)} calls; mean delay where found: ${stretches.join(', ')}.`;
}

/** Which of our detectors raised the false ones, and in what. */
export function renderFalseAlerts(judged: readonly Judged[]): string {
  const counts = new Map<string, number>();
  for (const { job, outcomes } of judged) {
    for (const { name } of outcomes[ours]!.falseAlerts) {
      const key = `${name} (${job.kind})`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const list = [...counts].map(([key, count]) => `${count} × ${key}`).join(', ');
  return `False alerts of ours: ${list === '' ? 'none' : list}.`;
}
