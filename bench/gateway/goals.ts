import { addedMicroseconds, type FindSummary } from './summary.js';

/** One line of what Farthing's gateway promises, as a ratio to a peer in the same run. */
interface Goal {
  title: string;
  /** `at_least` for throughput, `at_most` for costs. */
  direction: 'at_least' | 'at_most';
  /** Reached: the promise holds. */
  limit: number;
  /** What we aim at beyond it. */
  aim?: number;
  unit: string;
  /** For Farthing, or for another target in its place. */
  measure: (find: FindSummary, subject: string) => number | undefined;
}

export interface Verdict {
  title: string;
  measured: number | null;
  /** True when a median behind it had no quiet sample; such a verdict proves nothing. */
  noisy: boolean;
  /** Where the bare Node proxy stands by the same measure: what no Node gateway can beat by much. */
  node_floor: number | null;
  goal: string;
  aim: string;
  /** `VOID`: Farthing changed bytes or did not meter, so that its speed proves nothing. */
  verdict: 'aim' | 'pass' | 'SHORT' | 'VOID' | 'not measured';
}

const ratio = (left: number | null | undefined, right: number | null | undefined) =>
  left == null || right == null || right <= 0 ? undefined : left / right;

const throughput = (scenario: string, peer: string) => (find: FindSummary, subject: string) =>
  ratio(find(subject, scenario)?.per_second, find(peer, scenario)?.per_second);

const goals: Goal[] = [
  throughputGoal('2 KB throughput', '2kb', 'portkey', 14, 20),
  throughputGoal('2 KB throughput', '2kb', 'nginx', 0.2, 0.3),
  throughputGoal('100 KB throughput', '100kb', 'portkey', 10, 13),
  throughputGoal('100 KB throughput', '100kb', 'nginx', 0.35, 0.5),
  throughputGoal('50-chunk streams', 'stream-50', 'portkey', 10, 14),
  {
    title: 'CPU per paced chunk ÷ nginx',
    direction: 'at_most',
    limit: 3,
    aim: 2.2,
    unit: '×',
    measure: (find, subject) =>
      ratio(find(subject, 'paced')?.cpu_us_per_chunk, find('nginx', 'paced')?.cpu_us_per_chunk),
  },
  {
    title: 'added p50, one connection, 2 KB ÷ nginx',
    direction: 'at_most',
    limit: 2.2,
    aim: 1.6,
    unit: '×',
    measure: (find, subject) =>
      ratio(
        addedMicroseconds(find, subject, '2kb-latency'),
        addedMicroseconds(find, 'nginx', '2kb-latency'),
      ),
  },
  {
    title: 'CPU per request, 2 KB ÷ node:http + undici dispatch',
    direction: 'at_most',
    limit: 1.35,
    unit: '×',
    measure: (find, subject) =>
      ratio(find(subject, '2kb')?.cpu_us_per_request, find('undici', '2kb')?.cpu_us_per_request),
  },
  {
    title: 'resident memory under 2 KB load',
    direction: 'at_most',
    limit: 140,
    aim: 110,
    unit: ' MB',
    measure: (find, subject) => {
      const kilobytes = find(subject, '2kb')?.resident_kb;
      return kilobytes == null ? undefined : kilobytes / 1024;
    },
  },
];

function throughputGoal(
  title: string,
  scenario: string,
  peer: string,
  limit: number,
  aim: number,
): Goal {
  return {
    title: `${title} ÷ ${peer}`,
    direction: 'at_least',
    limit,
    aim,
    unit: '×',
    measure: throughput(scenario, peer),
  };
}

/** Judges every goal; `not measured` when Farthing or the peer has no valid sample. */
export function judge(find: FindSummary, didItsDuties: boolean): Verdict[] {
  return goals.map(({ title, direction, limit, aim, unit, measure }) => {
    const sign = direction === 'at_least' ? '≥' : '≤';
    let noisy = false;
    const watchedFind: FindSummary = (target, scenario) => {
      const summary = find(target, scenario);
      noisy ||= summary?.noisy === true;
      return summary;
    };
    const measured = measure(watchedFind, 'farthing');
    const reaches = (bound: number | undefined) =>
      measured !== undefined &&
      bound !== undefined &&
      (direction === 'at_least' ? measured >= bound : measured <= bound);
    return {
      title,
      measured: measured ?? null,
      noisy,
      node_floor: measure(find, 'undici') ?? null,
      goal: `${sign} ${limit}${unit}`,
      aim: aim === undefined ? '' : `${sign} ${aim}${unit}`,
      verdict:
        measured === undefined
          ? 'not measured'
          : !didItsDuties
            ? 'VOID'
            : reaches(aim)
              ? 'aim'
              : reaches(limit)
                ? 'pass'
                : 'SHORT',
    };
  });
}
