import type { TokenAtom } from './atoms.js';
import { cancelsOut, groupBy, pairDifferences, type DescribeMove } from './pair-differences.js';
import type { ReportBucket } from './provider-report.js';

const width = { hour: 3_600_000, day: 86_400_000 } as const;
/** How far a clock or a time zone may be off, in buckets: 14 hours (UTC+14), or a day. */
const furthest = { hour: 14, day: 1 } as const;

const describe: DescribeMove = (from, to) => ({
  cause: 'time_edge',
  note: `the ledger has them at ${short(from.at)}, the provider at ${short(to.at)}`,
});

/**
 * Tokens that one side counts in a later bucket than the other. Runs of buckets whose differences
 * cancel out are explained whole, shortest runs first; `loosely`, neighbours also in part, if the
 * smaller difference is at least half of the larger.
 */
export function explainTimeEdges(
  atoms: readonly TokenAtom[],
  bucket: ReportBucket,
  loosely: boolean,
): void {
  for (const series of groupBy(atoms, seriesOf)) {
    const line = series.toSorted((left, right) => (left.at < right.at ? -1 : 1));
    if (loosely) explainNeighbours(line, bucket);
    else
      for (let length = 1; length <= furthest[bucket]; length++) explainRuns(line, bucket, length);
  }
}

function explainRuns(line: readonly TokenAtom[], bucket: ReportBucket, length: number): void {
  for (const [index, first] of line.entries()) {
    if (first.left === 0) continue;
    const end = Date.parse(first.at) + length * width[bucket];
    const run = [first];
    for (let next = index + 1; next < line.length; next++) {
      const atom = line[next]!;
      if (Date.parse(atom.at) > end) break;
      run.push(atom);
    }
    const last = run[run.length - 1]!;
    if (Date.parse(last.at) !== end || last.left === 0) continue;
    if (cancelsOut(run)) pairDifferences(run, describe, true);
  }
}

function explainNeighbours(line: readonly TokenAtom[], bucket: ReportBucket): void {
  for (const [index, first] of line.entries()) {
    const second = line[index + 1];
    if (second === undefined || first.left * second.left >= 0) continue;
    if (Date.parse(second.at) - Date.parse(first.at) !== width[bucket]) continue;
    const sizes = [Math.abs(first.left), Math.abs(second.left)];
    if (Math.min(...sizes) * 2 >= Math.max(...sizes)) {
      pairDifferences([first, second], describe, false);
    }
  }
}

function seriesOf({ model, tier, long, geo, kind, scope }: TokenAtom): string {
  return [model, tier, long, geo, kind, scope].join('\n');
}

function short(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)}`;
}
