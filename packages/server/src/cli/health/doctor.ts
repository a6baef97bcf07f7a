import { accessSync, constants, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Query, QueryResult, Status } from '@farthing/core';
import { Command } from 'commander';
import { isProcessAlive, readControlFile } from '../../control/control-file.js';
import type { CliContext } from '../context.js';
import { findControlPlane, type ControlPlane } from '../books/control-plane.js';
import { diagnose, type BooksFacts, type DoctorFacts } from './diagnose.js';
import { exitCodes } from '../output/exit-codes.js';
import { jsonOption } from '../options.js';
import { renderDoctor } from './render-doctor.js';

/** `farthing doctor`: what runs, where data lies, and what is wrong, each with its fix. */
export function doctorCommand(context: CliContext): Command {
  return new Command('doctor')
    .description(
      'Check the installation, the processes and the books; exit 1 when something is wrong',
    )
    .addOption(jsonOption())
    .action(async (options: { json?: boolean }) => {
      const facts = await gatherFacts(context);
      const findings = diagnose(facts);
      context.output.write(
        options.json === true
          ? `${JSON.stringify({ ...facts, findings }, null, 2)}\n`
          : renderDoctor(facts, findings, context.output),
      );
      if (findings.some(({ severity }) => severity === 'problem')) {
        context.setExitCode(exitCodes.failure);
      }
    });
}

async function gatherFacts(context: CliContext): Promise<DoctorFacts> {
  const { dataDirectory } = context;
  const control = await findControlPlane(context);
  const announced = readControlFile(dataDirectory);
  const status = control === null ? null : ((await control.get('/api/v1/status')) as Status);
  return {
    node_version: process.version,
    version: context.version,
    data_directory: status?.data_directory ?? dataDirectory,
    directory: status === null ? directoryState(dataDirectory) : 'ok',
    has_data: status !== null || context.hasData(),
    control: control === null ? null : { url: control.url, version: control.version },
    stale_control:
      announced !== null && !isProcessAlive(announced.pid)
        ? { pid: announced.pid, started_at: announced.started_at }
        : null,
    gateway: status?.gateway ?? null,
    // What was named by hand runs elsewhere, with a configuration of its own.
    config_problems:
      context.controlUrl === undefined
        ? context.configProblems().map(({ code, message }) => ({ code, message }))
        : null,
    books:
      control === null || status === null
        ? await lookAtLocalBooks(context)
        : await lookAtRemoteBooks(control, status),
    prices: status?.prices ?? (await lookAtPrices(context)),
    disk: status?.disk ?? (await diskOf(dataDirectory)),
    now: context.now().toISOString(),
  };
}

async function lookAtRemoteBooks(control: ControlPlane, status: Status): Promise<BooksFacts> {
  const ready = (await control
    .fetch('/readyz')
    .then((response) => response.json())
    .catch((error: unknown) => ({ reasons: [(error as Error).message] }))) as {
    reasons: string[];
  };
  return {
    store: status.store,
    journals: status.journals,
    lag: status.lag,
    stuck: ready.reasons[0] ?? null,
    ...(await readGaps(
      async (query) => (await control.post('/api/v1/query', JSON.stringify(query))) as QueryResult,
    )),
  };
}

async function lookAtPrices(context: CliContext): Promise<DoctorFacts['prices']> {
  const desk = await context.openPriceDesk();
  try {
    return desk.status();
  } finally {
    desk.close();
  }
}

/** Nothing is created where nothing is: a doctor must not leave traces in an empty directory. */
async function lookAtLocalBooks(context: CliContext): Promise<DoctorFacts['books']> {
  if (!context.hasData()) return null;
  try {
    const books = await context.openBooks();
    try {
      // What cannot be booked shows as `stuck`, with everything else still told.
      await books.bookAll().catch(() => {});
      const { journals, lag, stuck } = books.ledgerStatus();
      return {
        store: await books.store.summary(),
        journals,
        lag,
        stuck,
        ...(await readGaps((query) => books.store.query(query))),
      };
    } finally {
      await books.close();
    }
  } catch (error) {
    return { error: (error as Error).message };
  }
}

async function readGaps(ask: (query: Query) => Promise<QueryResult>) {
  const [total, models] = await Promise.all([
    ask({ measures: ['calls', 'unpriced_calls', 'unattributed_calls'] }),
    ask({
      measures: ['unpriced_calls'],
      dimensions: ['provider', 'model'],
      filters: [{ dimension: 'cost_status', op: 'not_in', values: ['priced', 'partial'] }],
      limit: 1000,
    }),
  ]);
  const count = (measure: string) => Number(total.rows[0]?.[measure] ?? 0);
  return {
    calls: count('calls'),
    unpriced_calls: count('unpriced_calls'),
    unattributed_calls: count('unattributed_calls'),
    unpriced_models: models.rows
      .filter((row) => Number(row['unpriced_calls']) > 0)
      .map((row) => ({
        provider: row['provider'] == null ? null : String(row['provider']),
        model: row['model'] == null ? null : String(row['model']),
        calls: Number(row['unpriced_calls']),
      })),
  };
}

function directoryState(path: string): DoctorFacts['directory'] {
  try {
    if (!statSync(path).isDirectory()) return 'not-a-directory';
  } catch {
    return 'missing';
  }
  try {
    accessSync(path, constants.W_OK);
    return 'ok';
  } catch {
    return 'not-writable';
  }
}

/** The disk of the directory, or of the nearest one above it that exists. */
async function diskOf(path: string): Promise<DoctorFacts['disk']> {
  try {
    const disk = await statfs(path);
    return { free_bytes: disk.bavail * disk.bsize, total_bytes: disk.blocks * disk.bsize };
  } catch {
    return dirname(path) === path ? null : diskOf(dirname(path));
  }
}
