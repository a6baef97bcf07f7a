import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { FarthingError } from '@farthing/core';
import type { Cursor, Finding, OpenSource, SourceKind, Step } from './finding.js';
import { LogSource } from './log-source.js';
import type { Tally } from './tally.js';

/** Files that are kept open while watching, so that what is written into a rotated one is still read. */
const mostOpenFiles = 64;
/** Nothing is added to a file that is gone: whatever was held back is as full as it gets. */
const longGone = 10 * 366 * 86_400_000;

interface KnownFile {
  /** Null when it is closed for now: it goes on from the cursor. */
  source: OpenSource | null;
  cursor: Cursor;
  size: number;
  modified: number;
  inode: number;
  /** Calls that may still grow. */
  open: number;
}

export interface ImportFilesOptions {
  kind: SourceKind;
  watch: boolean;
  tally: Tally;
  now: () => Date;
  /** How far an earlier import read a file. */
  cursor: (file: string) => Cursor | undefined;
  /** Hears of all that is read, in order. */
  onStep: (file: string, source: OpenSource, step: Step) => Promise<void>;
  /** Hears of calls that cannot grow any more. */
  onSettled: (file: string, findings: readonly Finding[]) => Promise<void>;
  /** Hears of worse copies, which count only where no other file has the call. */
  onDeferred: (file: string, findings: readonly Finding[]) => void;
}

/**
 * Reads files, each from where it was left: those that grow go on, those that are rotated are read to
 * their end first, and those that were truncated begin anew.
 */
export class ImportFiles {
  readonly #options: ImportFilesOptions;
  /** Files that were read, as they were then; those that changed last are behind the others. */
  readonly #known = new Map<string, KnownFile>();
  readonly #notOpened = new Set<string>();
  /** The file that is being read, until it is known. */
  #reading: OpenSource | null = null;

  constructor(options: ImportFilesOptions) {
    this.#options = options;
  }

  /** Files that were read. */
  get count(): number {
    return this.#known.size;
  }

  /** Lines that were read, and calls in them that may still grow. */
  totals(): { lines: number; open: number } {
    let lines = 0;
    let open = 0;
    for (const file of this.#known.values()) {
      lines += file.cursor.line;
      open += file.open;
    }
    return { lines, open };
  }

  /** Reads what is new in a file. Resolves to how far it came; null where nothing is new. */
  async read(file: string): Promise<Cursor | null> {
    const at = await statOrNull(file);
    if (at === null) return null;
    const known = this.#known.get(file);
    if (known !== undefined && known.open === 0 && isUnchanged(known, at)) return null;
    const source = await this.#opened(file, known, at);
    if (source === null) return null;
    this.#reading = source;
    const open = await this.#readOn(file, source, !this.#options.watch);
    const cursor = await source.cursor();
    this.#reading = null;
    this.#known.delete(file);
    const { size, mtimeMs: modified, ino: inode } = at;
    this.#known.set(file, { source, cursor, size, modified, inode, open });
    await this.#closeSome();
    return cursor;
  }

  /** Lists what cannot be opened, once. */
  cannotOpen(path: string, reason: string): void {
    if (!this.#notOpened.has(path)) this.#options.tally.cannotRead(path, 0, reason);
    this.#notOpened.add(path);
  }

  async close(): Promise<void> {
    const open = new Set([...this.#known.values()].map(({ source }) => source));
    for (const source of open.add(this.#reading)) await source?.close();
  }

  async #closeSome(): Promise<void> {
    const most = this.#options.watch ? mostOpenFiles : 0;
    const open = [...this.#known.values()].filter(({ source }) => source !== null);
    for (const known of open.slice(0, Math.max(0, open.length - most))) {
      await known.source!.close();
      known.source = null;
    }
  }

  /** Null when the file cannot be opened: it is listed once, and the others are read. */
  async #opened(file: string, known: KnownFile | undefined, at: Stats): Promise<OpenSource | null> {
    try {
      return await this.#sourceOf(file, known, at);
    } catch (error) {
      const reason = whyNotOpened(error, file);
      if (reason === null) throw error;
      this.cannotOpen(file, reason);
      return null;
    }
  }

  /** The file's reader: the one that there is, or a new one where another file has taken its place. */
  async #sourceOf(file: string, known: KnownFile | undefined, at: Stats): Promise<OpenSource> {
    const { kind, tally } = this.#options;
    const from = known?.cursor ?? this.#options.cursor(file);
    const source = known?.source ?? (await kind.open(file, from));
    const isOther = known !== undefined && known.inode !== at.ino;
    if (from === undefined) return source;
    if (isOther && known.source !== null) {
      // Rotated: what was still written into the old one comes first.
      await this.#readOn(file, source, true);
    } else if (!isOther && at.size >= from.offset && (await source.isAsRead(from))) {
      return source;
    } else if (known !== undefined) await this.#settle(file, source, true);
    tally.lines += (await source.cursor()).line;
    await source.close();
    return kind.open(file);
  }

  /** Reads on; returns how many calls may still grow. `gone`: nothing more will be asked of it. */
  async #readOn(file: string, source: OpenSource, gone: boolean): Promise<number> {
    if (this.#options.watch && !(source instanceof LogSource)) {
      throw new FarthingError(
        'usage',
        `--watch reads what is added to JSON lines; ${file} is none. Import it again when it has changed: what is there already is left alone.`,
      );
    }
    for await (const step of source.read()) await this.#options.onStep(file, source, step);
    return this.#settle(file, source, gone);
  }

  async #settle(file: string, source: OpenSource, gone: boolean): Promise<number> {
    const { watch, now, tally, onSettled, onDeferred } = this.#options;
    const isReplaced = gone && watch;
    const time = isReplaced ? new Date(now().getTime() + longGone) : now();
    const settled = source.settle(time, gone);
    await onSettled(file, settled.findings);
    onDeferred(file, settled.deferred);
    if (gone) tally.unfinished += settled.open;
    return settled.open;
  }
}

function isUnchanged(known: KnownFile, at: Stats): boolean {
  return known.inode === at.ino && known.size === at.size && known.modified === at.mtimeMs;
}

/** Null for what concerns not this file alone, e.g. a disk that is full. */
function whyNotOpened(error: unknown, file: string): string | null {
  if (FarthingError.isInstance(error)) return error.code === 'file_packed' ? error.message : null;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const isOfFile = path === file || code === 'EISDIR';
  return isOfFile && (syscall === 'open' || syscall === 'read') ? `cannot be read (${code})` : null;
}

export async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch {
    // It went away since it was listed.
    return null;
  }
}
