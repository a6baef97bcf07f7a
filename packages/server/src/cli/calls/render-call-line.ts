import { isRowDrifted, totalInput, type CallRow } from '@farthing/core';
import type { CliOutput } from '../context.js';
import { displayCount, displayTime } from '../output/display.js';
import { printable, style } from '../output/table.js';

/**
 * One call as one line: time, feature, model, tokens in → out, cost, outcome. Columns have fixed
 * widths, because the next call is not known yet; piped, a longer name stays whole. The cost is exact.
 * What lies further from its estimate than the threshold is marked at the end (COST_DRIFT).
 */
export function renderCallLine(
  call: CallRow,
  output: CliOutput,
  timeZone: string,
  driftThreshold?: number,
): string {
  const tokens =
    call.tokens === null
      ? '–'
      : `${displayCount(totalInput(call.tokens))} → ${displayCount(call.tokens.output)}${call.usage_estimated ? ' est.' : ''}`;
  const cost =
    call.cost_usd === null
      ? style(output, 'yellow', call.cost_status.padStart(14))
      : `$${call.cost_usd}`.padStart(14);
  const status = call.http_status === null ? '' : ` ${call.http_status}`;
  const outcome =
    call.outcome === 'ok'
      ? style(output, 'green', 'ok')
      : style(output, 'red', `${call.outcome}${status}`);
  return `${[
    displayTime(call.started_at, timeZone).slice(11),
    fit(call.tags.feature ?? '(unattributed)', 20, output),
    fit(call.model ?? call.model_requested ?? call.path ?? '(unknown)', 28, output),
    tokens.padStart(18),
    cost,
    outcome,
    ...(isRowDrifted(call, driftThreshold) ? [driftMark(call, output)] : []),
  ].join('  ')}\n`;
}

function driftMark({ cost_drift: drift, estimated_usd: estimated }: CallRow, output: CliOutput) {
  const percent = Math.round((drift ?? 0) * 100);
  const mark = `COST_DRIFT ${percent > 0 ? '+' : ''}${displayCount(percent)}% of $${estimated}`;
  return style(output, 'yellow', mark);
}

function fit(text: string, columns: number, { tty }: CliOutput): string {
  const clean = printable(text);
  return tty && clean.length > columns ? `${clean.slice(0, columns - 1)}…` : clean.padEnd(columns);
}
