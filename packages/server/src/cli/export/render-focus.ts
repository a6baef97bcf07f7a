import type { FocusFinding, FocusSummary } from '@farthing/core';
import type { CliOutput } from '../context.js';
import { displayCount } from '../output/display.js';
import { where } from './jsonl.js';

/** Tells on standard error what was written, what is missing in it, and which rules it breaks. */
export function noteFocusSummary(
  summary: FocusSummary & { file: string | null; findings?: readonly FocusFinding[] },
  output: Pick<CliOutput, 'note'>,
): void {
  const { rows, entries, billed_cost: billed, file, findings } = summary;
  output.note(
    `${displayCount(rows)} rows from ${displayCount(entries)} entries, billed cost $${billed}${where(file ?? undefined)}.`,
  );
  for (const [status, calls] of Object.entries(summary.unpriced_calls)) {
    output.note(
      `Left out: ${displayCount(calls)} ${calls === 1 ? 'call' : 'calls'} of unknown cost (${status}). FOCUS has no row without a cost, and 0 would be wrong.`,
    );
  }
  if (findings === undefined) return;
  if (findings.length === 0)
    output.note('Every row keeps every rule of FOCUS 1.2 that was checked.');
  for (const { rule, level, requirement, rows: broken, first_row: first, value } of findings) {
    const place =
      first === null
        ? ''
        : ` (${displayCount(broken)} rows, first row ${first}: ${JSON.stringify(value)})`;
    output.note(
      `${level === 'must' ? 'Breaks' : 'Against the advice of'} ${rule}: ${requirement}${place}.`,
    );
  }
}
