import type { Writable } from 'node:stream';
import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { exportFocusCommand } from './focus.js';
import { exportJsonlCommand } from './jsonl.js';

/** `farthing export`: the books for other programs. */
export function exportCommand(context: CliContext, output: Writable = process.stdout): Command {
  return new Command('export')
    .description('Write the books for other programs: FOCUS (CSV, Parquet) or JSON lines')
    .addCommand(exportFocusCommand(context, output).exitOverride())
    .addCommand(exportJsonlCommand(context, output).exitOverride());
}
