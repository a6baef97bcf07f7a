import { parseWindow, type MissingPrice, type Window } from '@farthing/core';
import { Command } from 'commander';
import { requireData } from '../books/books.js';
import type { CliContext } from '../context.js';
import { findControlPlane } from '../books/control-plane.js';
import { displayCount, displayTime } from '../output/display.js';
import { jsonOption } from '../options.js';
import { printJson, withDesk } from './access.js';
import { printable, style } from '../output/table.js';

/** `farthing prices missing`: calls without a price, and what to add. */
export function missingCommand(context: CliContext): Command {
  return new Command('missing')
    .description('Calls that have no price, or a part of one, and what to add for each')
    .option('--since <when>', 'calls since: 24h, 7d, month, a date (default: all)')
    .option('--until <when>', 'calls until (exclusive; default: now)')
    .addOption(jsonOption())
    .action(async (flags: { since?: string; until?: string; json?: true }) => {
      const window = parseWindow({ since: flags.since, until: flags.until }, context.now());
      const missing = await readMissing(context, window);
      if (flags.json === true) return printJson(context, { missing });
      context.output.write(renderMissing(missing, context));
    });
}

async function readMissing(
  context: CliContext,
  window: Window | undefined,
): Promise<MissingPrice[]> {
  const control = await findControlPlane(context);
  if (control !== null) {
    context.output.note(`Asking the control plane at ${control.url}.`);
    const query = new URLSearchParams(
      window === undefined ? {} : { since: window.from, until: window.to },
    );
    const answer = await control.get(`/api/v1/prices/missing?${query.toString()}`);
    return (answer as { missing: MissingPrice[] }).missing;
  }
  requireData(context);
  context.output.note(
    `No control plane runs for ${context.dataDirectory}: reading its store directly.`,
  );
  const books = await context.openBooks();
  try {
    await books.bookAll();
    return await withDesk(context, (desk) => desk.missing(books.store, window));
  } finally {
    await books.close();
  }
}

function renderMissing(missing: readonly MissingPrice[], { output }: CliContext): string {
  if (missing.length === 0) return 'Every call has a price.\n';
  const seen = missing.flatMap(({ first_seen }) => first_seen ?? []).toSorted();
  const reprice = `farthing reprice --since ${seen[0]?.slice(0, 10) ?? '30d'}`;
  const snippets = missing.flatMap(({ priced_now, snippet }) =>
    priced_now || snippet === null ? [] : [snippet],
  );
  const alone = snippets.length === 1;
  const parts = missing.map((item) => {
    const name = `${item.provider ?? '(no provider)'}/${item.model ?? '(no model)'}`;
    const last =
      item.last_seen === null ? '' : `, last ${displayTime(item.last_seen, 'UTC', 'minute')}`;
    const head = `${style(output, 'bold', printable(name))}  ${item.cost_status}: ${displayCount(item.calls)} ${item.calls === 1 ? 'call' : 'calls'}, ${displayCount(item.tokens_input)} tokens in, ${displayCount(item.tokens_output)} out${last}`;
    // What the calls say of a missing price was true when they were booked.
    if (item.priced_now) return `${head}\n  There is a price by now: "${reprice}" books it.`;
    const reasons = item.reasons.map((reason) => `  ${style(output, 'dim', printable(reason))}`);
    return [head, ...reasons, ...remedyLines(item, alone)].join('\n');
  });
  if (snippets.length > 1) {
    parts.push(
      ['Or all of them in farthing.yaml:', ...indented(joinSnippets(snippets), 2)].join('\n'),
    );
  }
  const rate = snippets.some((snippet) => snippet.includes('RATE'))
    ? 'RATE stands for USD per million tokens (or per use). '
    : '';
  const end = `${rate}Once the prices are there, "${reprice} --dry-run" shows what they make of the waiting calls; without --dry-run it is booked.`;
  return `${[...parts, ...(snippets.length > 0 ? [end] : [])].join('\n\n')}\n`;
}

function remedyLines({ snippet, command }: MissingPrice, alone: boolean): string[] {
  if (snippet === null) {
    return ['  No price helps here: the call itself does not say what it used.'];
  }
  const commands = command === null ? [] : indented(command, 4);
  if (!alone && commands.length > 0) return ['  Without a restart:', ...commands];
  const others = commands.length === 0 ? [] : ['  Or, without a restart:', ...commands];
  return ['  In farthing.yaml:', ...indented(snippet, 4), ...others];
}

/** One document: a key that stands in it twice is an error of YAML. */
function joinSnippets(snippets: readonly string[]): string {
  const sections = new Map<string, string[]>();
  for (const snippet of snippets) {
    const [key = '', ...lines] = snippet.split('\n');
    const section = sections.get(key) ?? [];
    // Two models may lack the price of the same tool.
    const isNew = (line: string) => key !== 'tools:' || !section.includes(line);
    section.push(...lines.filter(isNew));
    sections.set(key, section);
  }
  return [...sections].map(([key, lines]) => [key, ...lines].join('\n')).join('\n');
}

function indented(text: string, spaces: number): string[] {
  return text.split('\n').map((line) => `${' '.repeat(spaces)}${printable(line)}`);
}
