import { Command } from 'commander';
import { forget, type Forgotten, type ForgetRequest } from '../../privacy/index.js';
import { requireData } from '../books/books.js';
import type { CliContext } from '../context.js';
import { findControlPlane } from '../books/control-plane.js';
import { displayCount } from '../output/display.js';
import { exactUsd } from '../output/exact-usd.js';
import { jsonOption } from '../options.js';
import {
  readPersonalTag,
  storedAs,
  tagOption,
  userOption,
  type PersonalTag,
} from './personal-tag.js';
import { printJson } from '../prices/access.js';

interface ForgetOptions {
  user?: string;
  tag?: string;
  yes?: boolean;
  by?: string;
  json?: boolean;
}

/** `farthing forget`: breaks the link between a person and the books; totals stay. */
export function forgetCommand(context: CliContext): Command {
  return new Command('forget')
    .description('Break the link between a user and what is recorded; all totals stay')
    .addOption(userOption())
    .addOption(tagOption())
    .option('--yes', 'do it; without this it only says what would be done')
    .option('--by <name>', 'who does it, for the record (default: you)')
    .addOption(jsonOption())
    .action(async (options: ForgetOptions) => {
      requireData(context);
      const person = readPersonalTag(options);
      const request: ForgetRequest = {
        tag: person.tag,
        stored: [...new Set(storedAs(context, person).map(({ stored }) => stored))],
        by: options.by ?? context.user,
        dryRun: options.yes !== true,
      };
      const forgotten = await carryOut(context, request);
      if (options.json === true)
        return printJson(context, { dry_run: request.dryRun, ...forgotten });
      context.output.write(render(person, forgotten, request.dryRun));
    });
}

async function carryOut(context: CliContext, request: ForgetRequest): Promise<Forgotten> {
  const control = await findControlPlane(context);
  if (control !== null) {
    context.output.note(`Asking the control plane at ${control.url}.`);
    const { tag, stored, by, dryRun } = request;
    const body = JSON.stringify({ tag, stored, by, dry_run: dryRun });
    return (await control.post('/api/v1/privacy/forget', body)) as Forgotten;
  }
  context.output.note(
    `No control plane runs for ${context.dataDirectory}: opening its books directly.`,
  );
  const books = await context.openBooks();
  try {
    await books.bookAll();
    return await forget(request, {
      dataDirectory: context.dataDirectory,
      store: books.store,
      bookAll: () => books.bookAll(),
      now: () => context.now(),
    });
  } finally {
    await books.close();
  }
}

function render({ tag }: PersonalTag, forgotten: Forgotten, dryRun: boolean): string {
  const { entries, cost, places, replaced_by: to } = forgotten;
  const what = `${displayCount(entries)} ${entries === 1 ? 'entry' : 'entries'} (${exactUsd(cost)})`;
  if (entries === 0 && places === 0) {
    return `Nothing in the books is of this ${tag}. Names count as your application sent them: check the spelling.\n`;
  }
  if (dryRun) {
    return `${what} would go on under a name that belongs to nobody, and every total would stay. Do it with --yes; there is no way back.\n`;
  }
  const now = to === null ? 'have no such tag now' : `belong to ${to} now, which is nobody`;
  return `${what} ${now}. Calls that come later begin anew. Archives and backups made before are yours to delete.\n`;
}
