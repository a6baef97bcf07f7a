import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { didYouMean, type ImportSummary } from '@farthing/core';
import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { exitCodes, usageError } from '../output/exit-codes.js';
import { importProgress } from './progress.js';
import { openImportTarget, type ImportTarget } from './target.js';
import { jsonOption, repeatable } from '../options.js';
import { renderImport } from './render-import.js';

interface ImportOptions {
  preset?: string;
  map?: string;
  provider?: string;
  model?: string;
  source?: string;
  user?: string;
  subscription?: boolean;
  tag: string[];
  watch?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

/** `farthing import`: books calls that other tools recorded. */
export function importCommand(context: CliContext): Command {
  return new Command('import')
    .description('Book calls that another tool recorded: agents’ logs, exports, journals, tables')
    .argument(
      '[kind-and-paths...]',
      `what it is, and the files or directories to read. Kinds: ${context.importKinds.join(', ')}. Left out: found from the first file`,
    )
    .option('--preset <name>', 'the same as naming the kind: aider, azure-trace, litellm, …')
    .option(
      '--map <mapping>',
      'a mapping of your own: a YAML file, or model=model_name,input_tokens=prompt_tokens,…',
    )
    .option('--provider <name>', 'the provider of all calls, when the file does not tell')
    .option('--model <name>', 'the model of all calls, when the file does not tell')
    .option('--source <name>', 'name of this source in the books (default: that of the kind)')
    .option('--user <name>', 'whose calls they are; becomes a pseudonym, as in live calls')
    .option('--subscription', 'mark them as paid by a subscription (tag billing=subscription)')
    .option('--tag <name=value>', 'repeatable; a tag for all calls', repeatable, [])
    .option('--watch', 'go on with what is added to the files, until Ctrl-C')
    .option('--dry-run', 'read, price and compare, but book nothing')
    .addOption(jsonOption())
    .action(async (words: string[], options: ImportOptions) => {
      const { kind, paths } = kindAndPaths(context, words, options);
      const tags = readTags(options);
      const watch = options.watch === true;
      const dryRun = options.dryRun === true;
      // Opened when the kind is known: a mistake on the command line leaves no data directory behind.
      let opening: Promise<ImportTarget> | null = null;
      const target = () => (opening ??= openImportTarget(context, { dryRun, watch }));
      let summary: ImportSummary;
      try {
        summary = await context.importCalls({
          paths,
          kind,
          preset: options.preset,
          mapping: options.map,
          ...(options.provider === undefined ? {} : { provider: options.provider }),
          ...(options.model === undefined ? {} : { model: options.model }),
          ...(options.source === undefined ? {} : { source: options.source }),
          tags,
          dryRun,
          watch,
          signal: context.signal,
          checkpoints: async () => (await target()).checkpoints,
          deliver: async (entries) => (await target()).deliver(entries),
          has: async (id) => (await target()).has(id),
          coverage: async () => (await target()).coverage(),
          beside: {
            async *entries() {
              yield* (await target()).entries();
            },
            find: async (id) => (await target()).find(id),
          },
          onNote: (sentence) => context.output.note(sentence),
          onProgress: importProgress(context, options.json === true),
        });
        await (await target()).finish();
      } finally {
        if (opening !== null) await (await target()).close();
      }
      context.output.write(
        options.json === true
          ? `${JSON.stringify(summary, null, 2)}\n`
          : renderImport(summary, context.output),
      );
      if (summary.unreadable.count > 0) context.setExitCode(exitCodes.failure);
    });
}

function kindAndPaths(
  context: CliContext,
  words: readonly string[],
  options: ImportOptions,
): { kind: string | undefined; paths: string[] } {
  const [first, ...rest] = words;
  const isKind = first !== undefined && context.importKinds.includes(first);
  // A file that bears the name of a kind can be given as ./codex.
  const kind = isKind ? first : undefined;
  const paths = isKind ? rest : [...words];
  const ways = [kind, options.preset, options.map].filter((way) => way !== undefined);
  if (ways.length > 1) {
    throw usageError(
      'Say once what the files hold: a kind before the paths, --preset or --map, not several of them.',
    );
  }
  // Before anything is opened or made: a mistyped name must leave no data directory behind.
  for (const path of paths) requirePath(path, context.importKinds);
  if (paths.length > 0) return { kind, paths: paths.map((path) => resolve(path)) };
  const usual = kind === undefined ? [] : context.importDirectories(kind);
  const there = usual.filter((path) => existsSync(path));
  if (there.length > 0) return { kind, paths: there };
  if (usual.length > 0) {
    throw usageError(`There are no ${kind!} logs in ${usual.join(' or ')}. Name the directory.`);
  }
  throw usageError(
    `Name the files or directories to import, e.g. farthing import ${kind ?? 'claude-code'} <path>.`,
  );
}

function readTags(options: ImportOptions): Record<string, string> {
  const tags = options.tag.map((text) => {
    const equals = text.indexOf('=');
    if (equals <= 0 || equals === text.length - 1) {
      throw usageError(`--tag takes name=value, e.g. feature=coding, not "${text}".`);
    }
    return [text.slice(0, equals), text.slice(equals + 1)] as const;
  });
  return Object.fromEntries([
    ...(options.subscription === true ? [['billing', 'subscription'] as const] : []),
    ...(options.user === undefined ? [] : [['user', options.user] as const]),
    ...tags,
  ]);
}

function requirePath(path: string, kinds: readonly string[]): void {
  if (existsSync(path)) return;
  const meant = path.includes('/') || path.includes('.') ? '' : didYouMean(path, kinds);
  throw usageError(
    `There is no file or directory ${path}, and no kind of that name.${meant} Paths are read from the working directory ${process.cwd()}.`,
  );
}
