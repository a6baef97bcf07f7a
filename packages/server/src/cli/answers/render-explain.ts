import type { ExplainedCause, ExplainReport, Framed } from '@farthing/core';
import type { CliOutput } from '../context.js';
import {
  displayCount,
  displayMoney,
  displayPercent,
  displayTime,
  displayValue,
} from '../output/display.js';
import { printable, renderTable, style, type Column } from '../output/table.js';
import { renderFrame, spanOf } from './render-frame.js';
import { renderWaterfall } from './render-waterfall.js';

/** Why spend changed, for people: the sentence, the waterfall, who did what. */
export function renderExplain(
  report: Framed<ExplainReport>,
  output: CliOutput,
  timeZone: string,
): string {
  const { causes, other_causes: others, steps, against, frame } = report;
  const lines = [
    style(output, 'bold', printable(report.summary)),
    '',
    `${spanOf({ window: against }, timeZone)} → ${spanOf(report, timeZone)}`,
    '',
    ...(steps.length === 0 ? [] : [renderWaterfall(report, output)]),
    ...(causes.length === 0 ? [] : [causesTable(report, output, timeZone)]),
    ...(others.count === 0
      ? []
      : [
          `${displayCount(others.count)} smaller causes: ${displayMoney([others.amount_usd])[0]}; --limit shows more.`,
        ]),
    ...report.notes,
    ...renderFrame(frame, output),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function causesTable({ causes, by }: ExplainReport, output: CliOutput, timeZone: string): string {
  const right = (header: string, cells: string[]): Column => ({ header, align: 'right', cells });
  const left = (header: string, cells: string[]): Column => ({ header, align: 'left', cells });
  return renderTable(
    [
      right('amount', displayMoney(causes.map((cause) => cause.amount_usd))),
      right(
        'share',
        causes.map((cause) => displayPercent(cause.share)),
      ),
      left(
        'cause',
        causes.map(({ kind }) => kind),
      ),
      left(
        by,
        causes.map((cause) =>
          cause.group === undefined ? '(all)' : displayValue(by, cause.group),
        ),
      ),
      left(
        'model',
        causes.map(({ model }) => (model === null ? '–' : printable(model))),
      ),
      left(
        'template',
        causes.map(({ template_version: template }) =>
          template === null ? '–' : printable(template),
        ),
      ),
      left(
        'since',
        causes.map((cause) => sinceOf(cause, timeZone)),
      ),
      left(
        'what moved',
        causes.map((cause) => moved(cause)),
      ),
    ],
    output,
  );
}

function sinceOf({ onset }: ExplainedCause, timeZone: string): string {
  if (onset === null) return '–';
  return displayTime(onset.at, timeZone, onset.bucket === 'hour' ? 'minute' : 'day');
}

const units: Readonly<Record<NonNullable<ExplainedCause['quantity']>['unit'], string>> = {
  calls: 'calls',
  common_growth: '× calls',
  share_of_calls: 'of calls',
  attempts_per_call: 'attempts/call',
  input_tokens_per_call: 'input tokens/call',
  output_tokens_per_call: 'output tokens/call',
  cache_read_share: 'of input from cache',
  usd_per_million_tokens: '$/M tokens',
  priced_share: 'of calls priced',
  usd_per_call: '$/call',
};

function moved({ quantity }: ExplainedCause): string {
  if (quantity === null) return '–';
  const isShare = units[quantity.unit].startsWith('of ');
  const shown = (value: number | null) => {
    if (value === null) return '–';
    if (isShare) return displayPercent(value);
    const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 0.01 || value === 0 ? 2 : 6;
    return value.toLocaleString('en-US', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  };
  return `${shown(quantity.before)} → ${shown(quantity.after)} ${units[quantity.unit]}`;
}
