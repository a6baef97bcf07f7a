import { parseWindow, type MissingPrice, type Window } from '@farthing/core';
import { Command } from 'commander';
import { requireData } from './books.js';
import type { CliContext } from './context.js';
import { findControlPlane } from './control-plane.js';
import { displayCount, displayTime } from './display.js';
import { jsonOption } from './options.js';
import { printJson, withDesk } from './prices-access.js';
import { printable, style } from './table.js';

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
  const parts = missing.map((item) => {
    const name = `${item.provider ?? '(no provider)'}/${item.model ?? '(no model)'}`;
    const last =
      item.last_seen === null ? '' : `, last ${displayTime(item.last_seen, 'UTC', 'minute')}`;
    const lines = [
      `${style(output, 'bold', printable(name))}  ${item.cost_status}: ${displayCount(item.calls)} ${item.calls === 1 ? 'call' : 'calls'}, ${displayCount(item.tokens_input)} tokens in, ${displayCount(item.tokens_output)} out${last}`,
      ...item.reasons.map((reason) => `  ${style(output, 'dim', printable(reason))}`),
    ];
    if (item.priced_now) {
      lines.push(`  There is a price by now: "${reprice}" books it.`);
    } else if (item.snippet === null) {
      lines.push('  No price helps here: the call itself does not say what it used.');
    } else {
      lines.push('  In farthing.yaml:');
      lines.push(...item.snippet.split('\n').map((line) => `    ${printable(line)}`));
      if (item.command !== null) {
        lines.push('  Or, without a restart:');
        lines.push(...item.command.split('\n').map((line) => `    ${printable(line)}`));
      }
    }
    return lines.join('\n');
  });
  const end = `RATE stands for USD per million tokens (or per use). Once the prices are there, "${reprice} --dry-run" shows what they make of the waiting calls; without --dry-run it is booked.`;
  return `${parts.join('\n\n')}\n\n${end}\n`;
}
