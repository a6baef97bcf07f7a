import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  emptyTokens,
  entryEvent,
  entrySchema,
  formatUsd,
  type Admission,
  type CallShape,
  type CallToAdmit,
  type Entry,
  type OpenedLine,
  type Tags,
} from '@farthing/core';
import { configSchema } from '../config/index.js';
import { openJournal, type OpenedJournal } from '@farthing/journal';
import { openAdmissions, type OpenedAdmissions } from './open-admissions.js';

/** A picodollar price that is easy to reckon with: $1 and $10 per million tokens of `large`. */
export const prices: Record<string, bigint> = { large: 1_000_000n, small: 100_000n };

export const quiet = { info: () => {}, warn: () => {}, error: () => {} };

const directories: string[] = [];

export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'farthing-budgets-'));
  directories.push(directory);
  return directory;
}

export function removeDirectories(): void {
  for (const directory of directories.splice(0))
    rmSync(directory, { recursive: true, force: true });
}

/** What is on the disk at this moment, as after a kill -9: the lock's holder is gone. */
export function crashed(dataDirectory: string): string {
  const copy = newDirectory();
  cpSync(dataDirectory, copy, { recursive: true });
  rmSync(join(copy, 'journals', 'gateway', 'lock'), { recursive: true, force: true });
  return copy;
}

export interface World {
  dataDirectory: string;
  journal: OpenedJournal;
  admissions: OpenedAdmissions;
  /** Time of the next calls. */
  now: number;
}

export const noon = Date.parse('2026-11-20T12:00:00Z');

export async function openWorld(
  dataDirectory: string,
  settings: { budgets?: object[]; breakers?: object[]; redis?: object },
  log: typeof quiet | Parameters<typeof openAdmissions>[0]['log'] = quiet,
  at = noon,
): Promise<World> {
  const journal = await openJournal({ dataDirectory, name: 'gateway', interrupted });
  const world: World = { dataDirectory, journal, admissions: undefined as never, now: at };
  world.admissions = await openAdmissions({
    dataDirectory,
    config: configSchema.parse(settings),
    tokenPrices: ({ model }) => {
      const input = prices[model];
      if (input === undefined) return null;
      return {
        input,
        cacheRead: input,
        cacheWrite: input,
        cacheWrite1h: input,
        output: input * 10n,
      };
    },
    journal: journal.journal,
    log,
    now: () => world.now,
  });
  return world;
}

let calls = 0;

export function callTo(world: World, changes: Partial<CallToAdmit> = {}): CallToAdmit {
  calls += 1;
  const shape: CallShape = {
    provider: 'openai',
    model: 'large',
    tags: {},
    at: world.now,
    textBytes: 4_000,
    fileTokens: 0,
    maxOutput: 100,
    caching: 'none',
    hasOutput: true,
  };
  return {
    id: `00000000-0000-7000-8000-${String(calls).padStart(12, '0')}`,
    at: world.now,
    shape,
    tags: { agent: 'support', user: 'u1' },
    fingerprint: () => `request ${shape.textBytes}`,
    ...changes,
  };
}

/** Admits a call and records it as opened, as the gateway does. */
export async function admitCall(world: World, call = callTo(world)): Promise<Admission> {
  const admission = await world.admissions.admit(call);
  if (admission.outcome === 'admitted') world.journal.journal.opened(openedLine(call));
  return admission;
}

/** Ends a call at so many picodollars, in journal and budgets. */
export function endCall(
  world: World,
  call: CallToAdmit,
  admission: Admission,
  usd: bigint,
  changes: Partial<Entry> = {},
): Entry {
  const entry = { ...entryOf(openedLine(call), usd), ...changes };
  world.journal.journal.closed(entry);
  world.admissions.ended(entry, call, admission);
  return entry;
}

function openedLine(call: CallToAdmit): OpenedLine {
  return {
    type: 'opened',
    schema: entrySchema,
    id: call.id,
    source: 'gateway',
    started_at: new Date(call.at).toISOString(),
    provider: call.shape.provider,
    api: 'chat.completions',
    stream: false,
    model_requested: call.shape.model,
    attempt: 1,
    estimate: { input_tokens: 1_000, output_tokens: 100, method: 'bytes/4' },
    tags: call.tags,
  };
}

/** What an interrupted call is booked at. */
export const interruptedUsd = 7_000_000n;

function interrupted(opened: OpenedLine): Entry {
  return { ...entryOf(opened, interruptedUsd), outcome: 'interrupted' };
}

function entryOf(opened: OpenedLine, usd: bigint): Entry {
  const { type: _, ...rest } = opened;
  return {
    ...rest,
    event: entryEvent,
    kind: 'call',
    ended_at: opened.started_at,
    duration_ms: 0,
    model: opened.model_requested,
    outcome: 'ok',
    http_status: 200,
    usage: {
      tokens: { ...emptyTokens(), input_uncached: 1_000, output: 50 },
      details: {},
      units: {},
      modifiers: {},
      estimated: false,
      raw: null,
      notes: [],
    },
    cost: { usd: formatUsd(usd), status: 'priced', source: 'base', charges: [] },
    tags: opened.tags as Tags,
  };
}

/** What is spent of a budget, in picodollars, over all its accounts. */
export function spentOf(world: World, name: string): string {
  const status = world.admissions.statuses().find((one) => one.name === name);
  return (status?.accounts ?? [])
    .filter(({ measure }) => measure === 'usd')
    .map(({ spent }) => spent)
    .join(' + ');
}
