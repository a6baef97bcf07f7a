import { FarthingError, parseWindow, type Reconciliation, type Window } from '@farthing/core';
import { Command } from 'commander';
import { bookDifference, readBookedCauses } from '../books/book-difference.js';
import { requireData } from '../books/books.js';
import type { CliContext } from '../context.js';
import { findControlPlane } from '../books/control-plane.js';
import { usageError } from '../output/exit-codes.js';
import { jsonOption, repeatable } from '../options.js';
import type { ReconcileContext, ReconcileSource } from './reconcile-context.js';
import { renderBooked, renderReconciliation } from './render-reconciliation.js';
import { unheardProvider } from '../output/unheard-name.js';

interface ReconcileOptions {
  provider: string;
  since: string;
  until?: string;
  usage: string[];
  costs: string[];
  format?: string;
  mapping?: string;
  fetchedAt?: string;
  baseUrl?: string;
  project: string[];
  apiKey: string[];
  finalAfter?: string;
  book?: string | true;
  json?: boolean;
}

/** `farthing reconcile`: the ledger against the provider's own reports. */
export function reconcileCommand(context: CliContext & ReconcileContext): Command {
  return new Command('reconcile')
    .description("Compare the ledger with a provider's own usage and cost reports")
    .requiredOption('--provider <name>', 'openai, anthropic, or any other with --costs')
    .option('--since <when>', 'from when: a date, month, 7d, 30d', 'month')
    .option('--until <when>', 'until when (exclusive; default: now); whole UTC days are compared')
    .option('--usage <file>', "the provider's saved usage report; repeatable", repeatable, [])
    .option('--costs <file>', "the provider's saved cost report; repeatable", repeatable, [])
    .option(
      '--format <name>',
      'format of the files: provider, google-billing, aws-cur, azure-cost, focus',
    )
    .option('--mapping <file>', 'which columns of a CSV or JSON file mean what (docs/reconcile.md)')
    .option('--fetched-at <when>', 'when the files were saved (default: when they were changed)')
    .option('--base-url <url>', "where the provider's API answers")
    .option(
      '--project <id>',
      'project or workspace that passes Farthing; repeatable',
      repeatable,
      [],
    )
    .option('--api-key <id>', 'API key id that passes Farthing; repeatable', repeatable, [])
    .option('--final-after <span>', 'how long figures may still change: 0m, 90m, 24h')
    .option(
      '--book [causes]',
      'book the difference as adjusting entries, one per day and model; causes comma-separated',
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Reports are fetched with OPENAI_ADMIN_KEY or ANTHROPIC_ADMIN_KEY, which are never stored.

Examples:
  farthing reconcile --provider openai --since 2026-10-01 --until 2026-11-01
  farthing reconcile --provider anthropic --since 7d --json
  farthing reconcile --provider openai --since 2026-10 --until 2026-11 --book
  farthing reconcile --provider google --since 2026-10 --until 2026-11 --costs export.csv --format google-billing`,
    )
    .action(async (options: ReconcileOptions) => {
      const causes = options.book === undefined ? null : readBookedCauses(options.book);
      const result = await run(context, options);
      if (options.json !== true) context.output.write(renderReconciliation(result, context.output));
      const booked = causes === null ? null : await bookDifference(context, result, causes);
      if (options.json === true) {
        const answer = booked === null ? result : { ...result, ...booked };
        context.output.write(`${JSON.stringify(answer, null, 2)}\n`);
      } else if (booked !== null) {
        context.output.write(renderBooked(booked));
      }
    });
}

async function run(
  context: CliContext & ReconcileContext,
  options: ReconcileOptions,
): Promise<Reconciliation> {
  const window = parseWindow({ since: options.since, until: options.until }, context.now());
  if (window === undefined) throw usageError('--since says from when to compare.');
  const control = await findControlPlane(context);
  if (control === null) requireData(context);
  const report = await context.providerReport(sourceOf(options, window));
  const unheard = await unheardProvider(context, report.provider);
  if (unheard !== null) context.output.note(unheard);
  const request = {
    provider: report.provider,
    ...(options.project.length === 0 ? {} : { projects: options.project }),
    ...(options.apiKey.length === 0 ? {} : { api_keys: options.apiKey }),
    ...(options.finalAfter === undefined ? {} : { final_after: options.finalAfter }),
    report,
  };
  if (control !== null) {
    context.output.note(`Comparing with the ledger of the control plane at ${control.url}.`);
    const body = { ...request, since: window.from, until: window.to };
    return (await control.post('/api/v1/reconciliations', JSON.stringify(body))) as Reconciliation;
  }
  context.output.note(
    `No control plane runs for ${context.dataDirectory}: reading its store directly.`,
  );
  const books = await context.openBooks();
  try {
    await books.bookAll();
    return await context.reconcile(books.store, { ...request, window });
  } finally {
    await books.close();
  }
}

function sourceOf(options: ReconcileOptions, window: Window): ReconcileSource {
  const files = [...options.usage, ...options.costs];
  if (files.length > 0 && options.baseUrl !== undefined) {
    throw usageError(
      '--base-url says where to fetch reports; leave it out with --usage or --costs.',
    );
  }
  if (files.length === 0 && (options.format !== undefined || options.mapping !== undefined)) {
    throw new FarthingError(
      'usage',
      '--format and --mapping say how to read files; give the files with --costs.',
    );
  }
  return {
    provider: options.provider,
    window,
    usage: options.usage,
    costs: options.costs,
    ...(options.format === undefined ? {} : { format: options.format }),
    ...(options.mapping === undefined ? {} : { mapping: options.mapping }),
    ...(options.fetchedAt === undefined ? {} : { fetchedAt: options.fetchedAt }),
    ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
  };
}
