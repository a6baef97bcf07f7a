import { aiderOutliers, hasAider } from './aider.js';
import {
  guardSessions,
  mostTurnsLate,
  provableRepeats,
  type GuardedSessions,
  type Knowledge,
} from './agent-loops.js';
import { hasServegen, readClients } from './servegen.js';
import { hasSessions, readSessions, type Session } from './sessions.js';
import { watchClient, type Watched } from './watch-clients.js';

/** Outliers of aider, clients of ServeGen, sessions of agents: what of the data sets is there. */
export function runReal(): void {
  const missing = '(left out: the data set is not in ../shared/data)';
  console.log(`\n### Clients of a production service (ServeGen) ${hasServegen ? '' : missing}\n`);
  if (hasServegen) reportClients();
  console.log(`\n### Outliers (aider) ${hasAider ? '' : missing}\n`);
  if (hasAider) reportOutliers();
  console.log(`\n### Sessions of agents ${hasSessions ? '' : missing}\n`);
  if (hasSessions) reportSessions(readSessions());
}

function reportClients(): void {
  const watched = readClients().map((client, index) => watchClient(client, index + 1));
  const rows = watched.map(({ client, calls, pages, incidents, episodes, doubled, ...rest }) => [
    client,
    String(calls),
    String(incidents),
    String(episodes),
    [...new Set(pages.map(({ name }) => name))].join(', ') || '–',
    String(rest.volumeChanges),
    String(rest.silences),
    doubled === null
      ? 'not told'
      : `${doubled.calls} calls · ${doubled.minutes.toFixed(0)} min (${doubled.name})`,
  ]);
  print(
    [
      'client',
      'calls',
      'incidents',
      'episodes',
      'what they say',
      'volume',
      'silence',
      'output × 2 for 12 h',
    ],
    rows,
  );
  const perWeek = (of: (each: Watched) => number) =>
    (watched.reduce((sum, each) => sum + of(each), 0) / watched.length).toFixed(2);
  const told = watched.flatMap(({ doubled }) => (doubled === null ? [] : [doubled]));
  console.log(
    `\nPer client-week: ${perWeek(({ incidents }) => incidents)} incidents, ` +
      `${perWeek(({ episodes }) => episodes)} episodes. Output × 2: ` +
      `${told.length} of ${watched.length} told, median ${median(told.map(({ calls }) => calls))} calls, ` +
      `${median(told.map(({ minutes }) => Math.round(minutes)))} minutes.`,
  );
}

function reportOutliers(): void {
  const { calls, outliers } = aiderOutliers();
  console.log(`${outliers.length} of ${calls} calls; the dearest:\n`);
  print(
    ['USD', 'times the median', 'model', 'input tokens', 'output tokens', 'among'],
    outliers
      .slice(0, 5)
      .map((each) => [
        each.cost.toFixed(2),
        each.factor.toFixed(0),
        each.model,
        String(each.prompt_tokens),
        String(each.completion_tokens),
        `${each.calls} ${each.among === 'own' ? 'of its own' : 'of all'}`,
      ]),
  );
}

function reportSessions(sessions: readonly Session[]): void {
  const turns = sessions.reduce((sum, each) => sum + each.turns.length, 0);
  console.log(`${sessions.length} sessions, ${turns} turns.\n`);
  const knowledge: Knowledge[] = ['nothing', 'the other sessions'];
  const guarded = knowledge.map((each) => guardSessions(sessions, each));
  print(
    [
      'the guard knows',
      'healthy sessions stopped',
      'loops',
      'stopped',
      `within ${mostTurnsLate} turns of provable`,
      'median turns of the loop',
      'most',
    ],
    guarded.map((each, index) => [knowledge[index]!, ...cellsOf(each, sessions.length)]),
  );
  console.log(`\nProvable: ${provableRepeats} of the loop's turns have repeated one before them.`);
  for (const { session, stopped } of guarded[0]!.looping) {
    console.log(
      `${session.source} ${session.id} is a loop itself: of its last ten answers eight and more repeat one ` +
        `before. It has ${session.turns.length} turns; the guard tells it at call ${(stopped ?? NaN) + 1}.`,
    );
  }
}

function cellsOf({ looping, falseStops, outcomes }: GuardedSessions, sessions: number): string[] {
  const stops = outcomes.flatMap(({ stopped }) => (stopped === null ? [] : [stopped]));
  const inTime = outcomes.filter(
    ({ stopped, provable }) =>
      stopped !== null && provable !== null && stopped <= provable + mostTurnsLate,
  );
  const share = (count: number) => `${((100 * count) / outcomes.length).toFixed(1)} %`;
  return [
    `${falseStops.length} of ${sessions - looping.length}`,
    String(outcomes.length),
    `${stops.length} (${share(stops.length)})`,
    `${inTime.length} (${share(inTime.length)})`,
    String(median(stops)),
    String(Math.max(...stops)),
  ];
}

function print(header: readonly string[], rows: readonly string[][]): void {
  const rule = header.map((_, place) => (place === 0 ? '---' : '---:'));
  console.log([header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n'));
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
