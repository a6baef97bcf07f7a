import { Command, Option } from 'commander';
import {
  AnswerParameters,
  type Answer,
  type AnswerParameter,
  type AnswerSources,
  type ParameterTexts,
} from '../../answers/index.js';
import { noteControlPlane, openLocalBooks } from '../books/books.js';
import { findControlPlane } from '../books/control-plane.js';
import type { CliContext, CliOutput } from '../context.js';
import { jsonOption, repeatable, timezoneOption } from '../options.js';

/** Of an answer: what its route and its command are called and take. */
type AnswerShape = Pick<Answer<unknown, unknown>, 'name' | 'path' | 'parameters'>;

/** An answer as text for people. */
export type RenderAnswer<Result> = (result: Result, output: CliOutput, timeZone: string) => string;

interface Flags extends Record<string, string | string[] | boolean | undefined> {
  json?: boolean;
  timezone: string;
}

/**
 * `farthing <name>` of an answer: a control plane that runs is asked, and has the configuration that
 * holds; when none runs, the books are opened here and the same answer is made from them.
 */
export function answerCommand<Request, Result>(
  context: CliContext,
  answer: Answer<Request, Result>,
  render: RenderAnswer<Result>,
): Command {
  const command = new Command(answer.name).description(answer.summary);
  const declared = Object.entries(answer.parameters);
  for (const [name, parameter] of declared) {
    if (parameter.argument === true) command.argument(`<${name}>`, parameter.description);
    else command.addOption(optionOf(name, parameter));
  }
  return command
    .addOption(jsonOption())
    .addOption(timezoneOption())
    .action(async () => {
      const { json, timezone } = command.opts<Flags>();
      const result = await askAnswer(context, answer, textsOf(command, answer));
      context.output.write(
        json === true
          ? `${JSON.stringify(result, null, 2)}\n`
          : render(result, context.output, timezone),
      );
    });
}

/** The answer from the control plane that runs, or from the books opened here. */
export async function askAnswer<Request, Result>(
  context: CliContext,
  answer: Answer<Request, Result>,
  texts: ParameterTexts,
): Promise<Result> {
  // Everything is read before the books are opened: a typo should not cost a start.
  const parameters = new AnswerParameters(answer.parameters, texts, context.now());
  const request = answer.read(parameters);
  const control = await findControlPlane(context);
  if (control !== null) {
    noteControlPlane(context, control);
    return (await control.get(pathOf(answer, texts))) as Result;
  }
  const books = await openLocalBooks(context);
  const closing: (() => unknown)[] = [() => books.close()];
  const sources: AnswerSources = {
    books: books.store,
    prices: async () => {
      const desk = await context.openPriceDesk();
      closing.push(() => desk.close());
      return desk.book;
    },
    budgets: async () => context.openBudgets(),
    driftThreshold: context.driftThreshold,
    dataDirectory: context.dataDirectory,
    now: () => context.now(),
  };
  try {
    return await answer.build(sources, request);
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

/** `history_cap` of the API is `--history-cap` here. */
function optionOf(name: string, parameter: AnswerParameter): Option {
  const { value, description } = parameter;
  const flag = `--${name.replaceAll('_', '-')}`;
  const standard = parameter.default === undefined ? '' : ` (default: ${parameter.default})`;
  const option = new Option(
    value === undefined ? flag : `${flag} <${value}>`,
    description + standard,
  );
  if (parameter.repeatable !== true) return option;
  option.description = `repeatable; ${description}`;
  return option
    .default([], 'none')
    .argParser((text, earlier) => repeatable(text, earlier as string[]));
}

/** What was given on the command line, by the answer's own names. */
function textsOf(command: Command, answer: AnswerShape): ParameterTexts {
  const flags = command.opts<Flags>();
  const texts: Record<string, string | string[]> = {};
  let place = 0;
  for (const [name, { argument }] of Object.entries(answer.parameters)) {
    const given =
      argument === true
        ? command.args[place++]
        : flags[name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())];
    if (given !== undefined && given !== false) texts[name] = given === true ? 'true' : given;
  }
  return texts;
}

function pathOf(answer: AnswerShape, texts: ParameterTexts): string {
  const query = new URLSearchParams();
  let path = answer.path ?? answer.name;
  for (const [name, given] of Object.entries(texts)) {
    if (answer.parameters[name]?.argument === true) {
      path = path.replace(`{${name}}`, encodeURIComponent(String(given)));
    } else {
      for (const text of [given ?? []].flat()) query.append(name, text);
    }
  }
  return `/api/v1/${path}${query.size === 0 ? '' : `?${query}`}`;
}
