import type { Restriction, StoppedRun } from '@farthing/core';
import type { RestrictionList } from '../../budgets/index.js';
import type { CliOutput } from '../context.js';
import { displayTime } from '../output/display.js';
import { printable, renderTable } from '../output/table.js';

/** Restrictions and stopped runs as a table: what, for whom, until when, by whom and why. */
export function renderRestrictions(
  { restrictions, stopped_runs: stopped }: RestrictionList,
  output: CliOutput,
): string {
  const rows = [...restrictions, ...stopped];
  if (rows.length === 0) return 'Nothing restricts calls, and no run is stopped.\n';
  const left = (header: string, cell: (row: Restriction | StoppedRun) => string) =>
    ({ header, align: 'left', cells: rows.map(cell) }) as const;
  return renderTable(
    [
      left('what', whatText),
      left('for', (row) => printable('run' in row ? `run ${row.run}` : scopeText(row.scope))),
      left('until (UTC)', ({ until }) => displayTime(until, 'UTC', 'minute')),
      left('by', ({ by }) => printable(by)),
      left('why', ({ cause, note }) => printable(note === null ? cause : `${cause} (${note})`)),
      left('incident', ({ incident }) => printable(incident ?? '–')),
      left('id', ({ id }) => printable(id)),
    ],
    output,
  );
}

function whatText(row: Restriction | StoppedRun): string {
  if ('run' in row) return 'stopped';
  const { step, one_in: oneIn, downgrade } = row;
  if (step === 'throttle') return `throttle, 1 in ${oneIn} passes`;
  return step === 'downgrade' ? printable(`downgrade ${downgrade.join(' → ')}`) : step;
}

function scopeText(scope: Record<string, string>): string {
  const pairs = Object.entries(scope).map(([dimension, value]) => `${dimension}=${value}`);
  return pairs.length === 0 ? 'all calls' : pairs.join(' ');
}
