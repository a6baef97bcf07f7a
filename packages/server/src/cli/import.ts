import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Entry, ImportSummary } from '@farthing/core';
import { Command } from 'commander';
import type { CliContext, LocalBooks } from './context.js';
import { findControlPlane, type ControlPlane } from './control-plane.js';
import { displayBytes, displayCount } from './display.js';
import { exitCodes, usageError } from './exit-codes.js';
import { jsonOption, repeatable } from './options.js';
import { renderImport } from './render-import.js';
import { bar } from './table.js';

interface ImportOptions {
  preset?: string;
  map?: string;
  provider?: string;
  model?: string;
  source?: string;
  tag: string[];
  dryRun?: boolean;
  json?: boolean;
}

/** `farthing import`: books calls that other tools recorded. */
export function importCommand(context: CliContext): Command {
  return new Command('import')
    .description('Book calls that another tool recorded (JSON lines or CSV)')
    .argument('<file>', 'the file to read')
    .option('--preset <name>', 'a known format: aider, azure-trace')
    .option('--map <file>', 'a mapping of your own (YAML), instead of a preset')
    .option('--provider <name>', 'the provider of all calls, when the file does not tell')
    .option('--model <name>', 'the model of all calls, when the file does not tell')
    .option('--source <name>', 'name of this source in the books (default: that of the mapping)')
    .option('--tag <name=value>', 'repeatable; a tag for all calls', repeatable, [])
    .option('--dry-run', 'read and compare, but book nothing')
    .addOption(jsonOption())
    .action(async (file: string, options: ImportOptions) => {
      if ((options.preset === undefined) === (options.map === undefined)) {
        throw usageError(
          'Say what the file holds: --preset aider, --preset azure-trace, or --map mapping.yaml.',
        );
      }
      const tags = readTags(options.tag);
      // Before anything is opened or made: a mistyped name must leave no data directory behind.
      requireFile(file);
      const target = await openTarget(context, options.dryRun === true);
      let summary: ImportSummary;
      try {
        summary = await context.importFile({
          file,
          ...(options.preset === undefined ? {} : { preset: options.preset }),
          ...(options.map === undefined ? {} : { mapping: options.map }),
          ...(options.provider === undefined ? {} : { provider: options.provider }),
          ...(options.model === undefined ? {} : { model: options.model }),
          ...(options.source === undefined ? {} : { source: options.source }),
          tags,
          dryRun: options.dryRun === true,
          deliver: (entries) => target.deliver(entries),
          ...(context.output.tty && options.json !== true
            ? { onProgress: progressLine(context, basename(file)) }
            : {}),
        });
        await target.finish();
      } finally {
        await target.close();
      }
      context.output.write(
        options.json === true
          ? `${JSON.stringify(summary, null, 2)}\n`
          : renderImport(summary, context.output),
      );
      if (summary.unreadable.count > 0) context.setExitCode(exitCodes.failure);
    });
}

interface Target {
  deliver(entries: Entry[]): Promise<{ accepted: number; already_booked: number }>;
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** Where the entries go: to the running control plane, or into the books opened here. */
async function openTarget(context: CliContext, dryRun: boolean): Promise<Target> {
  const control = await findControlPlane(context);
  if (control !== null) {
    context.output.note(`Importing through the control plane at ${control.url}.`);
    return remoteTarget(control, dryRun);
  }
  context.output.note(
    `No control plane runs for ${context.dataDirectory}: importing into its store directly.`,
  );
  // A dry run in an empty directory must leave it empty.
  if (dryRun && !context.hasData()) return emptyTarget();
  const books = await context.openBooks();
  try {
    // What is journalled but not booked yet would otherwise look new and be journalled again.
    await books.bookAll();
  } catch (error) {
    await books.close();
    throw error;
  }
  return localTarget(books, dryRun);
}

function remoteTarget(control: ControlPlane, dryRun: boolean): Target {
  return {
    deliver: async (entries) =>
      (await control.post(
        `/api/v1/entries${dryRun ? '?dry_run=true' : ''}`,
        `${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n`,
        'application/x-ndjson',
      )) as { accepted: number; already_booked: number },
    finish: async () => {},
    close: async () => {},
  };
}

function localTarget(books: LocalBooks, dryRun: boolean): Target {
  return {
    async deliver(entries) {
      const booked = await books.store.locate(entries.map((entry) => entry.id));
      const fresh = entries.filter((entry) => !booked.has(entry.id));
      if (!dryRun && fresh.length > 0) await books.appendEntries(fresh);
      return { accepted: fresh.length, already_booked: entries.length - fresh.length };
    },
    finish: () => (dryRun ? Promise.resolve() : books.bookAll()),
    close: () => books.close(),
  };
}

function emptyTarget(): Target {
  return {
    deliver: async (entries) => ({ accepted: entries.length, already_booked: 0 }),
    finish: async () => {},
    close: async () => {},
  };
}

function readTags(texts: string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=');
      if (equals <= 0 || equals === text.length - 1) {
        throw usageError(`--tag takes name=value, e.g. feature=coding, not "${text}".`);
      }
      return [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );
}

function progressLine(context: CliContext, file: string) {
  let shownAt = 0;
  return (progress: { bytes: number; totalBytes: number; calls: number }): void => {
    const now = context.now().getTime();
    const isDone = progress.bytes >= progress.totalBytes;
    if (!isDone && now - shownAt < 100) return;
    shownAt = now;
    const share = progress.totalBytes === 0 ? 1 : progress.bytes / progress.totalBytes;
    context.output.progress(
      isDone
        ? ''
        : `${file} ${bar(share, 24).padEnd(24, '░')} ${Math.floor(share * 100)}% of ${displayBytes(progress.totalBytes)}, ${displayCount(progress.calls)} calls`,
    );
  };
}

function requireFile(file: string): void {
  if (existsSync(file)) return;
  throw usageError(
    `There is no file ${file}. Check the path; it is read from the working directory ${process.cwd()}.`,
  );
}
