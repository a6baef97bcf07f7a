import { Command } from 'commander';
import { rotateKey } from '../../privacy/index.js';
import { requireData } from '../books/books.js';
import type { CliContext } from '../context.js';
import { usageError } from '../output/exit-codes.js';
import { jsonOption } from '../options.js';
import { printJson } from '../prices/access.js';

interface RotateOptions {
  destroyOld?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** `farthing rotate-key`: from now on users get other pseudonyms. */
export function rotateKeyCommand(context: CliContext): Command {
  return new Command('rotate-key')
    .description('Make a new key for pseudonyms: from now on every user has another one')
    .option('--destroy-old', 'also destroy the earlier keys: nobody can be found in older records')
    .option('--yes', 'needed with --destroy-old, because there is no way back')
    .addOption(jsonOption())
    .action(({ destroyOld = false, yes, json }: RotateOptions) => {
      requireData(context);
      if (context.controlUrl !== undefined) {
        throw usageError(
          'This changes a file of the data directory: run it on the machine of the control plane, without --url and FARTHING_URL.',
        );
      }
      if (destroyOld && yes !== true) {
        throw usageError(
          'Without the earlier keys, `whois` and `forget` find nobody in what was recorded until now, and nothing brings them back. Say --yes too if that is meant.',
        );
      }
      const keys = rotateKey(context.dataDirectory, { destroyOld, now: context.now() });
      const since = keys.at(-1)!.since;
      if (json === true) return printJson(context, { keys: keys.length, since });
      context.output.write(
        destroyOld
          ? 'A new key holds, and the earlier ones are destroyed. '
          : `A new key holds; ${keys.length - 1} earlier ${keys.length === 2 ? 'one stays' : 'ones stay'} for \`whois\` and \`forget\`. `,
      );
      context.output.write(
        'Running gateways take it up within two seconds. Budgets per user begin anew, and confirmations that were given out are void.\n',
      );
    });
}
