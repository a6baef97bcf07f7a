import type { TokenAtom } from './atoms.js';
import {
  differs,
  groupBy,
  isNothing,
  pairDifferences,
  type DescribeMove,
} from './pair-differences.js';
import type { ReportBucket } from './provider-report.js';

const width = { hour: 3_600_000, day: 86_400_000 } as const;
/** How far a clock or a time zone may be off, in buckets: 14 hours (UTC+14), or a day. */
const furthest = { hour: 14, day: 1 } as const;

export const describeTimeEdge: DescribeMove = (from, to) => ({
  cause: 'time_edge',
  note: `the ledger has them at ${short(from.at)}, the provider at ${short(to.at)}`,
});

/** A group of atoms that cancels out as a whole, to be taken apart. */
type Settle = (run: readonly TokenAtom[]) => void;

/**
 * Tokens that one side counts in a later bucket than the other: runs of buckets whose differences
 * cancel out, shortest runs first.
 */
export function explainTimeEdges(atoms: readonly TokenAtom[], bucket: ReportBucket): void {
  for (const series of groupBy(atoms.filter(differs), ({ series }) => series)) {
    eachRun(series, bucket, (run) => pairDifferences(run, describeTimeEdge, true));
  }
}

/**
 * The same for tokens that moved between tiers as well: runs that cancel out over all tiers of a
 * model. What lies in the same bucket is taken for another tier, what lies in the same tier for
 * another time, and the rest for both, which is named by its tier.
 */
export function explainTimeAndTier(
  atoms: readonly TokenAtom[],
  bucket: ReportBucket,
  describeTier: DescribeMove,
): void {
  const settle: Settle = (run) => {
    for (const group of groupBy(run, ({ at }) => at)) pairDifferences(group, describeTier, false);
    for (const group of groupBy(run, ({ series }) => series))
      pairDifferences(group, describeTimeEdge, false);
    pairDifferences(run, describeTier, false);
  };
  const key = ({ model, kind, scope }: TokenAtom) => `${model}\n${kind}\n${scope}`;
  for (const group of groupBy(atoms.filter(differs), key)) eachRun(group, bucket, settle);
}

/** What earlier findings allow to conclude from less. */
export interface Established {
  /** Some tokens were found in another bucket for sure. */
  clockIsOff: boolean;
  /** Set when some tokens were found in another tier for sure: what such a move is called. */
  describeTier: DescribeMove | null;
}

/**
 * Neighbouring buckets in part: if the smaller difference is at least half of the larger or, once it
 * is established that a clock is off, whatever cancels out; then also between tiers.
 */
export function explainNeighbours(
  atoms: readonly TokenAtom[],
  bucket: ReportBucket,
  { clockIsOff, describeTier }: Established,
): void {
  for (const series of groupBy(atoms.filter(differs), ({ series }) => series)) {
    eachPair(series, bucket, (pair) => {
      const sizes = pair.map(({ left }) => Math.abs(left));
      if (!clockIsOff && Math.min(...sizes) * 2 < Math.max(...sizes)) return;
      pairDifferences(pair, describeTimeEdge, false);
    });
  }
  if (!clockIsOff || describeTier === null) return;
  const key = ({ model, kind, scope }: TokenAtom) => `${model}\n${kind}\n${scope}`;
  for (const group of groupBy(atoms.filter(differs), key)) {
    eachPair(group, bucket, (pair) => pairDifferences(pair, describeTier, false));
  }
}

/** Every two atoms of neighbouring buckets, in time. */
function eachPair(
  atoms: readonly TokenAtom[],
  bucket: ReportBucket,
  take: (pair: readonly [TokenAtom, TokenAtom]) => void,
): void {
  const byTime = new Map<number, TokenAtom[]>();
  for (const group of groupBy(inTime(atoms), ({ at }) => at)) {
    byTime.set(Date.parse(group[0]!.at), group);
  }
  for (const [start, firsts] of byTime) {
    for (const first of firsts) {
      for (const second of byTime.get(start + width[bucket]) ?? []) {
        if (first.left * second.left < 0) take([first, second]);
      }
    }
  }
}

/** Atoms of one bucket of time, with what is left in them. */
interface Bucket {
  atoms: readonly TokenAtom[];
  sum: number;
  gross: number;
}

/** Every run of buckets that cancels out, the shortest first; both its ends differ. */
function eachRun(series: readonly TokenAtom[], bucket: ReportBucket, settle: Settle): void {
  if (!series.some(({ left }) => left < 0) || !series.some(({ left }) => left > 0)) return;
  const buckets = new Map<number, Bucket>();
  for (const atoms of groupBy(inTime(series), ({ at }) => at)) {
    buckets.set(Date.parse(atoms[0]!.at), measured({ atoms, sum: 0, gross: 0 }));
  }
  for (let length = 1; length <= furthest[bucket]; length++) {
    for (const [start, first] of buckets) {
      const last = buckets.get(start + length * width[bucket]);
      if (first.gross === 0 || last === undefined || last.gross === 0) continue;
      const run: Bucket[] = [];
      for (let step = 0; step <= length; step++) {
        const one = buckets.get(start + step * width[bucket]);
        if (one !== undefined && one.gross !== 0) run.push(one);
      }
      const sum = run.reduce((total, one) => total + one.sum, 0);
      const gross = run.reduce((total, one) => total + one.gross, 0);
      if (!isNothing(sum, gross)) continue;
      settle(run.flatMap(({ atoms }) => atoms));
      for (const one of run) measured(one);
    }
  }
}

function measured(bucket: Bucket): Bucket {
  bucket.sum = bucket.atoms.reduce((total, { left }) => total + left, 0);
  bucket.gross = bucket.atoms.reduce((total, { left }) => total + Math.abs(left), 0);
  return bucket;
}

function inTime(atoms: readonly TokenAtom[]): TokenAtom[] {
  return atoms.toSorted((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0));
}

function short(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)}`;
}
