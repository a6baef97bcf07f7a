import type { Writable } from 'node:stream';
import { parseWindow, type Entry } from '@farthing/core';
import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { displayCount } from '../output/display.js';
import { requireDirectory, writeLines } from './target.js';
import { openEntries } from './exported-entries.js';

interface JsonlFlags {
  since?: string;
  until?: string;
  out?: string;
}

/** `farthing export jsonl`: the archive, as `GET /api/v1/export.jsonl` has it. */
export function exportJsonlCommand(context: CliContext, output: Writable): Command {
  return new Command('jsonl')
    .description('The ledger entries as JSON lines, as the archive and the API have them')
    .option('--since <when>', 'from when: 24h, 30d, month, a date (default: all)')
    .option('--until <when>', 'until when (exclusive; default: now)')
    .option('--out <file>', 'write to this file instead of standard output')
    .action(async (flags: JsonlFlags) => {
      requireDirectory(flags.out);
      const window = parseWindow(flags, context.now());
      const { entries, close } = await openEntries(context, window);
      let count = 0;
      try {
        const lines = toLines(entries, () => (count += 1));
        if (!(await writeLines(output, flags.out, lines))) return;
      } finally {
        await close();
      }
      context.output.note(`${displayCount(count)} entries${where(flags.out)}.`);
    });
}

async function* toLines(entries: AsyncIterable<Entry>, count: () => void): AsyncGenerator<string> {
  for await (const entry of entries) {
    count();
    yield `${JSON.stringify(entry)}\n`;
  }
}

/** ` in <file>`, or nothing for standard output. */
export function where(file: string | undefined): string {
  return file === undefined ? '' : ` in ${file}`;
}
