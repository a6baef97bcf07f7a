import type { Equality } from './equality.js';
import type { Verdict } from './goals.js';
import type { Machine } from './machine.js';
import { noiseLimit, type Sample } from './measure.js';
import type { Options } from './options.js';
import { pacing, type Scenario } from './scenarios.js';
import { addedMicroseconds, summaryFinder, type FindSummary, type Summary } from './summary.js';

export interface TargetRecord {
  name: string;
  title: string;
  version: string;
  /** Why it was not measured. */
  skipped?: string;
  equality?: Equality;
  /** What the check of its duties found after the run. */
  duties?: { met: boolean; found: string };
}

/** Everything that a run knows; written as JSON to bench/results/. */
export interface RunRecord {
  benchmark: 'gateway';
  started_at: string;
  duration_s: number;
  machine: Machine;
  cores: { proxy: number; load: number };
  options: Options;
  targets: TargetRecord[];
  verdicts: Verdict[];
  medians: Omit<Summary, 'samples'>[];
  samples: Sample[];
}

export function mediansOf(
  find: FindSummary,
  targets: readonly TargetRecord[],
  scenarios: readonly Scenario[],
): Omit<Summary, 'samples'>[] {
  return targets.flatMap((target) =>
    scenarios.flatMap((scenario) => {
      const summary = find(target.name, scenario.name);
      if (!summary) return [];
      const { samples: _, ...medians } = summary;
      return [medians];
    }),
  );
}

/** The run as Markdown: three tables, the verdicts, and what a reader must know to trust them. */
export function renderMarkdown(run: RunRecord): string {
  const find = summaryFinder(run.samples);
  const shown = run.targets.filter((target) => target.skipped === undefined);
  const parts = [
    `# Gateway benchmark, ${run.started_at.slice(0, 16).replace('T', ' ')} UTC`,
    `${run.machine.cpu}, ${run.machine.cores} cores, Linux ${run.machine.kernel}, Node ${run.machine.node}, ${run.machine.wrk}; commit ${run.machine.commit}. ` +
      `Proxy alone on core ${run.cores.proxy}, load generator and mock provider on core ${run.cores.load}. ` +
      `Medians of ${run.options.rounds} interleaved rounds of ${run.options.seconds} s, ${run.options.connections} connections; ${Math.round(run.duration_s / 60)} min in all.`,
    '## Under load',
    table(
      [
        'target',
        '2 KB /s',
        'CPU µs',
        '100 KB /s',
        'CPU µs',
        '50-chunk streams /s',
        'CPU µs',
        '500-chunk streams /s',
        'CPU µs',
        'RSS MB',
        'peak MB',
      ],
      shown.map((target) => [
        label(target),
        ...['2kb', '100kb', 'stream-50', 'stream-500'].flatMap((scenario) => {
          const summary = find(target.name, scenario);
          return [
            cell(summary, summary?.per_second),
            cell(summary, summary?.cpu_us_per_request ?? undefined),
          ];
        }),
        megabytes(find(target.name, '2kb')?.resident_kb),
        megabytes(peakOf(run.samples, target.name)),
      ]),
    ),
    '## One connection: µs added to the median of the direct route, and chunks in step with time',
    table(
      [
        'target',
        '2 KB',
        '100 KB',
        '50 chunks',
        '500 chunks',
        'CPU µs per paced chunk',
        'paced stream p50 ms',
      ],
      shown.map((target) => [
        label(target),
        ...['2kb', '100kb', 'stream-50', 'stream-500'].map((body) => {
          const summary = find(target.name, `${body}-latency`);
          if (target.name === 'direct') return cell(summary, summary?.p50_us, '(', ')');
          return cell(summary, addedMicroseconds(find, target.name, `${body}-latency`));
        }),
        cell(find(target.name, 'paced'), find(target.name, 'paced')?.cpu_us_per_chunk ?? undefined),
        cell(find(target.name, 'paced'), (find(target.name, 'paced')?.p50_us ?? NaN) / 1000),
      ]),
    ),
    `In the direct row, in brackets: the whole p50. Paced: ${pacing.streams} streams of ${pacing.chunks} chunks, one every ${pacing.interval_ms} ms; undisturbed, a stream takes ${(pacing.chunks - 1) * pacing.interval_ms} ms.`,
    '## Goals',
    table(
      ['goal', 'measured', 'must be', 'aim', 'verdict', 'bare Node proxy'],
      run.verdicts.map((verdict) => [
        verdict.title,
        verdict.measured === null ? '–' : `${number(verdict.measured)}${verdict.noisy ? ' ~' : ''}`,
        verdict.goal,
        verdict.aim,
        verdict.verdict,
        verdict.node_floor === null ? '–' : number(verdict.node_floor),
      ]),
    ),
    '## Trust',
    ...trust(run),
  ];
  return `${parts.join('\n\n')}\n`;
}

function trust(run: RunRecord): string[] {
  const noisy = run.samples.filter((sample) => sample.noisy).length;
  const invalid = run.samples.filter((sample) => sample.invalid !== null);
  const lines = [
    `- ${run.samples.length} samples, ${noisy} of them noisy (others, or the hypervisor, took more than ${noiseLimit * 100} % of a core) and left out where a quiet one exists; \`~\` marks medians of noisy samples only.`,
    ...run.targets.flatMap(({ title, equality, duties, skipped, version }) => [
      ...(skipped === undefined ? [] : [`- ${title}: SKIPPED: ${skipped}`]),
      ...(version === '' ? [] : [`- ${title}: ${version}`]),
      ...(equality === undefined
        ? []
        : [
            `- ${title}: answers equal direct's by ${equality.answers}, requests arrive upstream equal by ${equality.requests}${equality.notes.map((note) => `; ${note}`).join('')}`,
          ]),
      ...(duties === undefined
        ? []
        : [`- ${title}: ${duties.met ? 'metering checked' : 'NOT METERED'}: ${duties.found}`]),
    ]),
    ...invalid.map(
      ({ target, scenario, round, invalid: why }) =>
        `- not counted: ${target} ${scenario}, round ${round + 1}: ${why}`,
    ),
  ];
  return [lines.join('\n')];
}

const label = (target: TargetRecord) => target.title;

function cell(
  summary: Summary | undefined,
  value: number | undefined,
  before = '',
  after = '',
): string {
  if (!summary || value === undefined || Number.isNaN(value)) return '–';
  return `${before}${number(value)}${after}${summary.noisy ? ' ~' : ''}`;
}

function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits }).replaceAll(',', ' ');
}

const megabytes = (kilobytes: number | null | undefined) =>
  kilobytes == null ? '–' : String(Math.round(kilobytes / 1024));

function peakOf(samples: readonly Sample[], target: string): number | undefined {
  const peaks = samples
    .filter((sample) => sample.target === target)
    .map((sample) => sample.peak_kb ?? 0);
  const highest = Math.max(0, ...peaks);
  return highest > 0 ? highest : undefined;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(header),
    line(header.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map(line),
  ].join('\n');
}
