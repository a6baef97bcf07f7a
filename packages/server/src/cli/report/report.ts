import { Command } from 'commander';
import { reportAnswer, type AnswerParameter, type ParameterTexts } from '../../answers/index.js';
import { askAnswer } from '../answers/answer-command.js';
import type { CliContext } from '../context.js';
import { jsonOption, repeatable, timezoneOption } from '../options.js';
import { usageError } from '../output/exit-codes.js';
import { renderReport } from './render-report.js';
import { reportCsv } from './report-csv.js';
import { changeSavedReports } from './saved-reports.js';

interface ReportOptions extends Record<string, string | string[] | boolean | undefined> {
  json?: boolean;
  format?: string;
  timezone: string;
  save?: string;
  list?: boolean;
  remove?: string;
}

/** `farthing report`: spend by any dimension over any window. */
export function reportCommand(context: CliContext): Command {
  return spendCommand(context, 'report', {}, true)
    .description('What was spent, by feature, model or any other dimension')
    .addHelpText(
      'after',
      `
Examples:
  farthing report --by feature,model --since 7d
  farthing report --by user --filter feature=search --measure cost,calls,cost_p95
  farthing report --by feature --since 7d --compare previous --top 10
  farthing report --save weekly --by feature --since 7d --compare previous
  farthing report weekly
  farthing report --since month --bucket day --json`,
    );
}

/** `farthing daily`: the last 30 days, one line each. */
export function dailyCommand(context: CliContext): Command {
  return spendCommand(context, 'daily', { by: '', since: '30d', bucket: 'day' }).description(
    'Spend of the last 30 days, day by day (UTC)',
  );
}

/** `farthing monthly`: all months, one line each. */
export function monthlyCommand(context: CliContext): Command {
  return spendCommand(context, 'monthly', { by: '', bucket: 'month' }).description(
    'Spend month by month (UTC)',
  );
}

/** The parameters of the answer that have another name here. */
const flags: Readonly<Record<string, string>> = { measures: 'measure' };

function spendCommand(
  context: CliContext,
  name: string,
  standard: Readonly<Record<string, string>>,
  saving = false,
): Command {
  const command = new Command(name);
  if (saving) command.argument('[saved]', 'the name of a saved report');
  for (const [parameter, declared] of Object.entries(reportAnswer.parameters)) {
    if (parameter !== 'saved') addOption(command, parameter, declared, standard[parameter]);
  }
  if (saving) {
    command
      .option('--save <name>', 'save this report under a name')
      .option('--list', 'list the saved reports')
      .option('--remove <name>', 'remove a saved report');
  }
  return command
    .option('--format <format>', 'table, csv or json')
    .addOption(jsonOption())
    .addOption(timezoneOption())
    .action(async () => {
      const options = command.opts<ReportOptions>();
      const format = formatOf(options);
      const texts = textsOf(command, standard);
      if (options.save !== undefined || options.list === true || options.remove !== undefined) {
        return changeSavedReports(context, options, texts);
      }
      const report = await askAnswer(context, reportAnswer, texts);
      context.output.write(
        format === 'table'
          ? renderReport(report, context.output, options.timezone)
          : format === 'csv'
            ? reportCsv(report)
            : `${JSON.stringify(report, null, 2)}\n`,
      );
    });
}

function addOption(
  command: Command,
  parameter: string,
  { description, default: ordinary, repeatable: repeated }: AnswerParameter,
  standard: string | undefined,
): void {
  const value = reportAnswer.parameters[parameter]!.value;
  const flag = `--${(flags[parameter] ?? parameter).replaceAll('_', '-')} <${value}>`;
  const fallback = standard ?? ordinary;
  const words =
    fallback === undefined || fallback === ''
      ? description
      : `${description} (default: ${fallback})`;
  if (repeated === true) {
    command.option(flag, `repeatable; ${words}`, repeatable, []);
  } else command.option(flag, words);
}

/** What was given, by the answer's own names, on top of what the command stands for. */
function textsOf(command: Command, standard: Readonly<Record<string, string>>): ParameterTexts {
  const options = command.opts<ReportOptions>();
  const texts: Record<string, string | string[]> = { ...standard };
  for (const parameter of Object.keys(reportAnswer.parameters)) {
    const option = (flags[parameter] ?? parameter).replaceAll(/_(\w)/g, (_, letter: string) =>
      letter.toUpperCase(),
    );
    const given = options[option];
    if (typeof given === 'string' || (Array.isArray(given) && given.length > 0)) {
      texts[parameter] = given;
    }
  }
  const [saved] = command.args;
  return saved === undefined ? texts : { ...texts, saved };
}

function formatOf({ json, format }: ReportOptions): 'table' | 'csv' | 'json' {
  if (json === true) return 'json';
  if (format === undefined || format === 'table') return 'table';
  if (format === 'csv' || format === 'json') return format;
  throw usageError(`--format is table, csv or json, not "${format}".`);
}
