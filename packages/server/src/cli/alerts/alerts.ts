import type { AlertOverview, AlertRuleView, DryRun } from '@farthing/core';
import { FarthingError, formatReviewCell } from '@farthing/core';
import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { jsonOption } from '../options.js';
import { displayCount, displayTime } from '../output/display.js';
import { printable, renderTable } from '../output/table.js';
import { printJson } from '../prices/access.js';
import { openAlertDesk } from './access.js';

/** `farthing alerts`: what watches, who is told, and what a rule would have said. */
export function alertsCommand(context: CliContext): Command {
  const alerts = new Command('alerts').description(
    'What watches and who is told: rules, test over history, try a sink',
  );
  alerts.addCommand(rulesCommand(context).exitOverride(), { isDefault: true });
  alerts.addCommand(testCommand(context).exitOverride());
  alerts.addCommand(trySinkCommand(context).exitOverride());
  return alerts;
}

function rulesCommand(context: CliContext): Command {
  return new Command('rules')
    .description('Detectors, rules and sinks in force (also without "rules")')
    .addOption(jsonOption())
    .action(async (_flags: object, command: Command) => {
      const desk = await openAlertDesk(context);
      const overview = await desk.overview();
      if (isJson(command)) return printJson(context, overview);
      context.output.write(renderOverview(overview, context));
      if (overview.problem !== null) context.output.note(printable(overview.problem));
    });
}

function testCommand(context: CliContext): Command {
  return new Command('test')
    .description('How often a rule would have fired on what is booked, and on what')
    .option('--rule <name>', 'a rule of farthing.yaml, or detectors', 'detectors')
    .option('--since <time>', 'from when on: 30d, 2026-03-01', '30d')
    .addOption(jsonOption())
    .action(async (flags: { rule: string; since: string }, command: Command) => {
      const desk = await openAlertDesk(context, ({ entries, until }) => {
        if (!context.output.tty) return;
        const day = displayTime(until, 'UTC');
        context.output.progress(`${displayCount(entries)} calls looked at, until ${day} UTC`);
      });
      const run = await desk.test({ rule: flags.rule, since: flags.since });
      if (isJson(command)) return printJson(context, run);
      context.output.write(renderDryRun(run, context));
    });
}

function trySinkCommand(context: CliContext): Command {
  return new Command('try-sink')
    .description('Send a test notice to a sink, marked as one')
    .argument('<name>', 'the sink, as farthing.yaml names it')
    .addOption(jsonOption())
    .action(async (name: string, _flags: object, command: Command) => {
      const desk = await openAlertDesk(context);
      const trial = await desk.trySink(name);
      if (isJson(command)) printJson(context, trial);
      else if (trial.ok) context.output.write(`${name} has taken the test notice.\n`);
      if (trial.ok) return;
      throw new FarthingError('sink_failed', `${name} did not take it: ${trial.problem}`);
    });
}

function renderOverview(overview: AlertOverview, { output }: CliContext): string {
  const { state, groups, progress, detectors, rules, sinks, watched_until: until } = overview;
  const heading = {
    learning: `Learning from the past: ${Math.round(progress * 100)} %.`,
    watching: `${displayCount(groups)} groups of calls are watched${until === null ? '' : `; the youngest call ended at ${displayTime(until, 'UTC')} UTC`}.`,
    stopped: 'No control plane runs for this data directory, so nothing is watched.',
  }[state];
  const left = <Row>(header: string, rows: readonly Row[], cell: (row: Row) => string) =>
    ({ header, align: 'left', cells: rows.map(cell) }) as const;
  const all: AlertRuleView[] = [...detectors, ...rules];
  const table = renderTable(
    [
      left('detector or rule', all, ({ name }) => printable(name)),
      left('mode', all, ({ mode }) => mode),
      left('says', all, ({ text }) => printable(text)),
    ],
    output,
  );
  const least =
    Number(overview.least_page_usd) === 0
      ? ''
      : `Growth pages once it costs ${formatReviewCell('usd', overview.least_page_usd)} above normal, so far and within the next day; until then it is a record (\`alerts.least_page_usd\`).\n`;
  const told =
    sinks.length === 0
      ? 'No sink is configured: incidents stand in the dashboard and in "farthing incidents". `alerts.sinks` in farthing.yaml adds one.\n'
      : renderTable(
          [
            left('sink', sinks, ({ name }) => printable(name)),
            left('type', sinks, ({ type }) => type),
            left('state', sinks, ({ state: of }) => of),
            left('delivered', sinks, ({ delivered }) => displayCount(delivered)),
            left('waiting', sinks, ({ waiting }) => displayCount(waiting)),
            left('problem', sinks, ({ problem }) => printable(problem ?? '')),
          ],
          output,
        );
  return `${heading}\n\n${table}${least}\n${told}`;
}

function renderDryRun(run: DryRun, { output }: CliContext): string {
  const { rule, from, to, entries, groups, findings, incidents, pages, mode, top } = run;
  const rate = (value: number | null) => (value === null ? '–' : value.toFixed(2));
  const heading = [
    `${rule}, ${displayTime(from, 'UTC')} to ${displayTime(to, 'UTC')} UTC: ${displayCount(entries)} calls of ${displayCount(groups)} groups, ${run.feature_weeks.toFixed(1)} feature-weeks.`,
    `It would have said something ${displayCount(findings)} times (${rate(run.findings_per_feature_week)} a feature-week), in ${displayCount(incidents)} incidents; people would have been paged ${displayCount(pages)} times (${rate(run.pages_per_feature_week)} a feature-week, mode ${mode}).`,
  ].join('\n');
  if (top.length === 0) return `${heading}\n`;
  const left = (header: string, cell: (group: DryRun['top'][number]) => string) =>
    ({ header, align: 'left', cells: top.map(cell) }) as const;
  const table = renderTable(
    [
      left('group', ({ group }) => printable(textOf(group))),
      { header: 'times', align: 'right', cells: top.map((each) => displayCount(each.findings)) },
      left('causes', ({ causes }) => causes.join(', ')),
      left('first (UTC)', ({ first_at: at }) => displayTime(at, 'UTC')),
      left('last (UTC)', ({ last_at: at }) => displayTime(at, 'UTC')),
      left('a call', ({ examples }) => examples[0] ?? '–'),
    ],
    output,
  );
  return `${heading}\n\n${table}`;
}

function textOf(group: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(group).map(([dimension, value]) => `${dimension}=${value}`);
  return pairs.length === 0 ? 'all, or nobody’s' : pairs.join(' ');
}

function isJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: true }>().json === true;
}
