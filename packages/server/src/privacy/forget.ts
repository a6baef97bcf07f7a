import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  FarthingError,
  readDimension,
  tagNames,
  type Dimension,
  type Query,
  type QueryResult,
} from '@farthing/core';
import { appendLineSoon } from '../files/append-line.js';
import { replaceFile } from '../files/replace-file.js';
import { pseudonymPattern } from './pseudonym.js';
import { removeTagInFile } from './remove-tag.js';
import { replaceInFile } from './replace-in-file.js';

export interface ForgetRequest {
  /** A tag's name: `user`, or one of a team's own, without `tag:`. */
  tag: string;
  /** The values as they are stored: pseudonyms, or what was sent where users are kept plain. */
  stored: readonly string[];
  /** Who asks for it, for the record. */
  by: string;
  /** Only counts. */
  dryRun: boolean;
}

export interface Forgotten {
  tag: string;
  /** Entries in the books that carried one of the values. */
  entries: number;
  /** Their cost in USD, which stays; null when none of it is known. */
  cost: string | null;
  /** Places in files that were changed; 0 in a dry run. */
  places: number;
  /** The name under which entries go on, which belongs to nobody; null when none has one now. */
  replaced_by: string | null;
}

export interface ForgetParts {
  dataDirectory: string;
  store: {
    query(query: Query): Promise<QueryResult>;
    replaceTag(name: string, from: readonly string[], to: string | null): Promise<number>;
  };
  /** Resolves when all that the journals hold is booked. */
  bookAll(): Promise<void>;
  /** Replaces pseudonyms in what this process has in memory and writes down again: what alerts know. */
  rename?(from: readonly string[], to: string): Promise<void>;
  now(): Date;
}

/** What is under way: read again at the next request, so that a crash cannot leave it half done. */
interface Pending {
  tag: string;
  stored: readonly string[];
  /** What stands for the pseudonyms among them; null when there are none. */
  to: string | null;
  by: string;
}

/**
 * Breaks the link between a person and what is recorded: wherever a stored value stands, another one
 * stands then, which is drawn by lot and belongs to nobody. Amounts, counts and all other tags stay, so
 * that every total does. Values that are no pseudonyms are taken out where they are tags. Throws
 * `invalid_request`.
 */
export async function forget(request: ForgetRequest, parts: ForgetParts): Promise<Forgotten> {
  const tag = tagOf(request.tag);
  if (request.stored.length === 0) {
    throw new FarthingError('invalid_request', 'Name at least one stored value to forget.');
  }
  const { entries, cost } = await count(tag, request.stored, parts);
  const pseudonym = request.stored.find((value) => pseudonymPattern.test(value));
  const to = pseudonym === undefined ? null : drawnLike(pseudonym);
  if (request.dryRun) return { tag, entries, cost, places: 0, replaced_by: null };
  await finishPending(parts);
  const pending = { tag, stored: request.stored, to, by: request.by };
  await writePending(parts.dataDirectory, pending);
  const { places, renamed } = await carryOut(pending, parts);
  return { tag, entries, cost, places, replaced_by: renamed > 0 ? to : null };
}

/** Completes what a crash interrupted. To be called when the books are opened. */
export async function finishPending(parts: ForgetParts): Promise<void> {
  let text: string;
  try {
    text = await readFile(pendingFile(parts.dataDirectory), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await carryOut(JSON.parse(text) as Pending, parts);
}

async function carryOut(
  pending: Pending,
  parts: ForgetParts,
): Promise<{ places: number; renamed: number }> {
  const { dataDirectory, store } = parts;
  const { tag, stored, to } = pending;
  const pseudonyms = to === null ? [] : stored.filter((value) => pseudonymPattern.test(value));
  const plain = stored.filter((value) => !pseudonyms.includes(value));
  let [renamed, removed] = [0, 0];
  for (const path of await filesIn(dataDirectory)) {
    if (to !== null) {
      const by = Buffer.from(to);
      const replacements = pseudonyms.map((value) => ({ find: Buffer.from(value), by }));
      renamed += await replaceInFile(path, replacements).catch(goneIsDone);
    }
    if (plain.length > 0 && path.endsWith('.jsonl')) {
      removed += await removeTagInFile(path, tag, plain).catch(goneIsDone);
    }
  }
  // What was read from a journal before may still be on its way into the store.
  await parts.bookAll();
  const booked = to === null ? 0 : await store.replaceTag(tag, pseudonyms, to);
  if (to !== null) await parts.rename?.(pseudonyms, to);
  const entries = booked + (plain.length === 0 ? 0 : await store.replaceTag(tag, plain, null));
  const places = renamed + removed;
  const line = { at: parts.now().toISOString(), by: pending.by, tag, entries, places };
  await appendLineSoon(join(folder(dataDirectory), 'forgotten.jsonl'), line);
  await rm(pendingFile(dataDirectory), { force: true });
  return { places, renamed: renamed + booked };
}

/** Records of calls, of spans that wait, of what budgets decided and of what alerts found. */
async function filesIn(dataDirectory: string): Promise<string[]> {
  const files: string[] = [];
  for (const name of ['journals', 'budgets', 'telemetry', 'alerts', '.']) {
    const directory = join(dataDirectory, name);
    const found = await readdir(directory, {
      recursive: name !== '.',
      withFileTypes: true,
    }).catch(() => []);
    for (const entry of found) {
      if (entry.isFile() && /\.jsonl?$/.test(entry.name)) {
        files.push(join(entry.parentPath, entry.name));
      }
    }
  }
  return files;
}

async function count(tag: string, stored: readonly string[], { store }: ForgetParts) {
  const { rows } = await store.query({
    measures: ['calls', 'adjustments', 'cost'],
    filters: [{ dimension: tagDimension(tag), op: 'in', values: [...stored] }],
  });
  const [row] = rows;
  return {
    entries: Number(row?.['calls'] ?? 0) + Number(row?.['adjustments'] ?? 0),
    cost: row?.['cost'] == null ? null : String(row['cost']),
  };
}

function tagOf(name: string): string {
  const tag = name.startsWith('tag:') ? name.slice('tag:'.length) : name;
  if (/^[a-z0-9][a-z0-9_.:/-]{0,63}$/.test(tag)) return tag;
  throw new FarthingError(
    'invalid_request',
    `"${name.slice(0, 64)}" is no tag. Say \`user\`, or the name of one of your own tags.`,
  );
}

/** What reports call the tag. */
export function tagDimension(tag: string): Dimension {
  return readDimension((tagNames as readonly string[]).includes(tag) ? tag : `tag:${tag}`);
}

function drawnLike(pseudonym: string): string {
  return pseudonym.slice(0, 2) + randomBytes(10).toString('hex');
}

/** Retention or a rewritten file: what is gone needs no change. */
function goneIsDone(error: unknown): number {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
  throw error;
}

function folder(dataDirectory: string): string {
  return join(dataDirectory, 'privacy');
}

function pendingFile(dataDirectory: string): string {
  return join(folder(dataDirectory), 'forgetting.json');
}

async function writePending(dataDirectory: string, pending: Pending): Promise<void> {
  await replaceFile(pendingFile(dataDirectory), JSON.stringify(pending));
}
