import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { displayCount } from '../output/display.js';
import { exitCodes } from '../output/exit-codes.js';
import { jsonOption } from '../options.js';
import { printJson, withDesk } from './access.js';
import { printable } from '../output/table.js';

/** `farthing prices check`: validates a file of prices before it is used. */
export function checkCommand(context: CliContext): Command {
  return new Command('check')
    .description('Validate a file of prices and tell everything that is wrong; exit 1 if so')
    .argument(
      '<file>',
      'path or URL: Farthing’s own format, a LiteLLM price map, or genai-prices data',
    )
    .addOption(jsonOption())
    .action(async (file: string, flags: { json?: true }) => {
      const check = await withDesk(context, (desk) => desk.check(file), { quiet: true });
      if (!check.ok) context.setExitCode(exitCodes.failure);
      if (flags.json === true) return printJson(context, check);
      const lines = check.ok
        ? [
            `${check.file} is good: ${displayCount(check.rows)} ${check.rows === 1 ? 'row' : 'rows'}${check.tools > 0 ? ` and ${displayCount(check.tools)} tool prices` : ''} (${check.format ?? ''}).`,
          ]
        : [`${check.file} cannot be used:`, ...check.problems.map((problem) => `  - ${problem}`)];
      lines.push(...check.notes.map((note) => `Note: ${note}`));
      context.output.write(`${lines.map(printable).join('\n')}\n`);
    });
}
