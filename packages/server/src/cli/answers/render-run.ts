import type { RunNode, RunReport } from '@farthing/core';
import type { CliOutput } from '../context.js';
import {
  displayCount,
  displayMoney,
  displayPercent,
  displayTime,
  displayUsd,
} from '../output/display.js';
import { bar, printable, renderTable, style, type Column } from '../output/table.js';
import { displayDuration } from './display-duration.js';
import { renderFrame } from './render-frame.js';

const mostSteps = 10;
const mostDifferences = 15;

/** A run for people: its tree with what every step cost, the dearest steps, and what differs from another. */
export function renderRun(report: RunReport, output: CliOutput, timeZone: string): string {
  const { run, comparison, frame } = report;
  const lines = [style(output, 'bold', printable(report.summary))];
  if (run.first_call_at !== null) {
    const began = displayTime(run.first_call_at, timeZone, 'second');
    lines.push(`Began ${began} ${timeZone}, lasted ${displayDuration(run.duration_ms)}.`);
  }
  if (comparison !== null) lines.push('', differenceTable(comparison, output));
  else lines.push('', treeTable(report, output), stepTable(report, output));
  lines.push(...renderFrame(frame, output));
  return `${lines.join('\n').trimEnd()}\n`;
}

interface Line {
  text: string;
  node: RunNode;
}

function treeTable({ tree, run }: RunReport, output: CliOutput): string {
  const lines = linesOf(tree, '');
  const right = (header: string, cells: string[]): Column => ({ header, align: 'right', cells });
  const columns: Column[] = [
    {
      header: `${run.kind} ${printable(run.id)}`,
      align: 'left',
      cells: lines.map(({ text }) => text),
    },
    right(
      'calls',
      lines.map(({ node }) => displayCount(node.calls)),
    ),
    right(
      'errors',
      lines.map(({ node }) => displayCount(node.errors)),
    ),
    right(
      'tokens in',
      lines.map(({ node }) => displayCount(node.tokens.input)),
    ),
    right(
      'out',
      lines.map(({ node }) => displayCount(node.tokens.output)),
    ),
    right('cost', displayMoney(lines.map(({ node }) => node.cost_usd))),
    right(
      'share',
      lines.map(({ node }) => displayPercent(node.cost_share)),
    ),
  ];
  if (output.tty) {
    columns.push({
      header: '',
      align: 'left',
      cells: lines.map(({ node }) => style(output, 'cyan', bar(node.cost_share ?? 0, 12))),
    });
  }
  return renderTable(columns, output);
}

/** The tree with its branches drawn; what is repeated says how often. */
function linesOf(nodes: readonly RunNode[], indent: string): Line[] {
  return nodes.flatMap((node, index) => {
    const isLast = index === nodes.length - 1;
    return [
      { text: `${indent}${isLast ? '└ ' : '├ '}${labelOf(node)}`, node },
      ...linesOf(node.children, `${indent}${isLast ? '  ' : '│ '}`),
    ];
  });
}

function labelOf({ kind, name, calls, template_version: version, children }: RunNode): string {
  const what = kind === 'call' || kind === 'others' ? '' : kind === 'chain' ? '' : `${kind} `;
  const template = kind === 'call' && version !== null ? ` (${version})` : '';
  const repeated = children.length === 0 && calls > 1 && kind !== 'others';
  return `${what}${printable(name + template)}${repeated ? ` ×${displayCount(calls)}` : ''}`;
}

function stepTable({ steps }: RunReport, output: CliOutput): string {
  if (steps.length < 2) return '';
  const shown = steps.slice(0, mostSteps);
  const right = (header: string, cells: string[]): Column => ({ header, align: 'right', cells });
  return renderTable(
    [
      {
        header: 'dearest steps',
        align: 'left',
        cells: shown.map(({ step, name }) => printable(step === '' ? name : `${step} › ${name}`)),
      },
      right(
        'calls',
        shown.map(({ calls }) => displayCount(calls)),
      ),
      right('cost', displayMoney(shown.map(({ cost_usd: cost }) => cost))),
      right('per call', displayMoney(shown.map(({ cost_per_call_usd: cost }) => cost))),
      right(
        'share',
        shown.map(({ cost_share: share }) => displayPercent(share)),
      ),
      right(
        'cumulative',
        shown.map(({ cumulative_share: share }) => displayPercent(share)),
      ),
    ],
    output,
  );
}

function differenceTable(
  { steps, change_usd: change }: NonNullable<RunReport['comparison']>,
  output: CliOutput,
): string {
  const shown = steps.filter(({ cause }) => cause !== 'same').slice(0, mostDifferences);
  if (shown.length === 0) return 'Every step is the same in both.\n';
  const right = (header: string, cells: string[]): Column => ({ header, align: 'right', cells });
  const moved = (before: number, now: number): string =>
    before === now ? displayCount(now) : `${displayCount(before)} → ${displayCount(now)}`;
  const table = renderTable(
    [
      {
        header: 'step',
        align: 'left',
        cells: shown.map(({ step, name, name_before: before }) =>
          printable(
            `${step === '' ? '' : `${step} › `}${before === null ? name : `${before} → ${name}`}`,
          ),
        ),
      },
      { header: 'because', align: 'left', cells: shown.map(({ cause }) => cause) },
      right(
        'calls',
        shown.map(({ calls, calls_before: before }) => moved(before, calls)),
      ),
      right(
        'tokens',
        shown.map(({ tokens, tokens_before: before }) => moved(before, tokens)),
      ),
      right('before', displayMoney(shown.map(({ cost_before_usd: cost }) => cost))),
      right('cost', displayMoney(shown.map(({ cost_usd: cost }) => cost))),
      right('change', displayMoney(shown.map(({ change_usd: cost }) => cost))),
    ],
    output,
  );
  return `${table}\nAll steps together: ${displayUsd(change)}.`;
}
