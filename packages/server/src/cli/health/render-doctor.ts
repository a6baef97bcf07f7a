import type { CliOutput } from '../context.js';
import type { DoctorFacts, Finding } from './diagnose.js';
import { displayBytes, displayCount } from '../output/display.js';
import { printable, style } from '../output/table.js';

/** The doctor's report for people: the facts, then each finding with its fix. */
export function renderDoctor(facts: DoctorFacts, findings: Finding[], output: CliOutput): string {
  const rows: [string, string][] = [
    ['version', `${facts.version} on Node ${facts.node_version.replace(/^v/, '')}`],
    ['data', `${facts.data_directory}${facts.directory === 'missing' ? ' (not there yet)' : ''}`],
    ['control plane', facts.control === null ? 'not running' : `running at ${facts.control.url}`],
    ['gateway', gatewayLine(facts)],
    ...booksLines(facts),
    ...(facts.prices === null ? [] : [['prices', facts.prices.book] as [string, string]]),
  ];
  if (facts.disk !== null) {
    const { free_bytes: free, total_bytes: total } = facts.disk;
    rows.push(['disk', `${displayBytes(free)} free of ${displayBytes(total)}`]);
  }
  const lines = rows.map(([name, value]) => `${style(output, 'bold', name.padEnd(14))} ${value}`);
  lines.push('');
  for (const { severity, message, fix } of findings) {
    const mark =
      severity === 'problem' ? style(output, 'red', 'PROBLEM') : style(output, 'yellow', 'notice ');
    lines.push(`${mark}  ${printable(message)}`, `         ${style(output, 'dim', `Fix: ${fix}`)}`);
  }
  const problems = findings.filter(({ severity }) => severity === 'problem').length;
  lines.push(
    problems === 0
      ? style(output, 'green', 'Nothing is wrong.')
      : `${problems} ${problems === 1 ? 'thing is' : 'things are'} wrong.`,
  );
  return `${lines.join('\n')}\n`;
}

function gatewayLine({ gateway }: DoctorFacts): string {
  if (gateway === null) return 'unknown (the control plane would know)';
  return gateway.reachable ? `running at ${gateway.url}` : 'not reachable';
}

function booksLines({ books }: DoctorFacts): [string, string][] {
  if (books === null || 'error' in books) return [];
  const { store, journals, lag } = books;
  const bytes = journals.reduce((sum, journal) => sum + journal.bytes, 0);
  const live = journals.filter((journal) => journal.live).length;
  return [
    [
      'store',
      `${store.path}: ${displayCount(store.entries)} entries in ${displayBytes(store.bytes)}, latest call ${store.last_call_at ?? 'never'}`,
    ],
    [
      'journals',
      `${displayCount(journals.length)} with ${displayBytes(bytes)}, ${displayCount(live)} being written`,
    ],
    [
      'lag',
      lag.bytes === 0
        ? 'none: everything is booked'
        : `${displayBytes(lag.bytes)}, ${Math.round((lag.oldest_ms ?? 0) / 1000)} s`,
    ],
  ];
}
