import type { Incident, IncidentList } from '@farthing/core';
import type { CliOutput } from '../context.js';
import { displayTime, displayUsd } from '../output/display.js';
import { printable, renderTable } from '../output/table.js';

/** A line for each incident; says so where there is none. */
export function renderIncidents(
  { incidents, open }: IncidentList,
  output: CliOutput,
  now: Date,
  all: boolean,
): string {
  if (incidents.length === 0) {
    return all
      ? 'No incident is on record.\n'
      : 'No incident is open. "farthing incidents list --all" also lists those that are resolved.\n';
  }
  const left = (header: string, cell: (incident: Incident) => string) =>
    ({ header, align: 'left', cells: incidents.map(cell) }) as const;
  const right = (header: string, cell: (incident: Incident) => string) =>
    ({ header, align: 'right', cells: incidents.map(cell) }) as const;
  const table = renderTable(
    [
      left('id', ({ id }) => id),
      left('severity', ({ severity }) => severity),
      left('state', (incident) => stateText(incident, now)),
      left('since (UTC)', ({ since }) => displayTime(since, 'UTC')),
      right('$/hour above', ({ size }) => displayUsd(size?.above_usd_per_hour ?? null)),
      right('so far', ({ size }) => displayUsd(size?.above_usd ?? null)),
      left('what', ({ title }) => printable(title)),
    ],
    output,
  );
  const waiting =
    open === 0 ? '' : `${open} ${open === 1 ? 'page waits' : 'pages wait'} for somebody.\n`;
  return table + waiting;
}

/** Everything about one incident, as sentences and short lists. */
export function renderIncident(incident: Incident, now: Date): string {
  const { id, title, summary, suggestion, severity, findings, actions, history } = incident;
  const lines = [
    `${printable(title)}`,
    `${id}, ${severity}, ${stateText(incident, now)}`,
    '',
    printable(summary),
    printable(suggestion),
    '',
    `First call: ${incident.first_call ?? 'not known'}`,
    ...list(
      'Dearest calls:',
      incident.examples.map((call) => printable(call)),
    ),
    ...list(
      'Found:',
      findings.map(({ at, text }) => `${displayTime(at, 'UTC')}  ${printable(text)}`),
    ),
    ...list(
      'Actions:',
      actions.map(
        ({ id: action, do: what, state, until }) =>
          `${action}  ${what} ${state.replace('_', ' ')}${until === null ? '' : ` until ${displayTime(until, 'UTC')}`}`,
      ),
    ),
    ...list(
      'History (UTC):',
      history.map(
        ({ at, what, by, note }) =>
          `${displayTime(at, 'UTC')}  ${what} by ${printable(by)}${note === undefined ? '' : `: ${printable(note)}`}`,
      ),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function list(header: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [header, ...items.map((item) => `  ${item}`)];
}

function stateText({ state, muted_until: until }: Incident, now: Date): string {
  const isMuted = until !== null && Date.parse(until) > now.getTime();
  return isMuted ? `${state}, muted` : state;
}
