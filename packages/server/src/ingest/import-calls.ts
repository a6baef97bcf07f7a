import { stat } from 'node:fs/promises';
import { FarthingError, type Entry, type ImportSummary } from '@farthing/core';
import { Checkpoint, type Progress } from './checkpoint.js';
import { chooseKind, type KindChoice } from './choose-kind.js';
import { CoveredDays, type Coverage } from './covered-days.js';
import { Delivery, type Deliver } from './delivery.js';
import type { Cursor, Finding, OpenSource, SourceKind } from './finding.js';
import { findFiles } from './find-files.js';
import { LogSource } from './log-source.js';
import type { ImportPorts } from './ports.js';
import { Tally } from './tally.js';
import { watchFiles } from './watch-files.js';

/** How long may pass between two notes of how far an import has come. */
const checkpointMilliseconds = 2000;

export interface ImportCallsRequest extends KindChoice {
  /** Files and directories. */
  paths: readonly string[];
  provider?: string;
  model?: string;
  /** Overrides the kind's name in `source: import:<name>`. */
  source?: string;
  tags: Readonly<Record<string, string>>;
  dryRun: boolean;
  /** Goes on reading what is added, until `signal` is aborted. */
  watch?: boolean;
  signal?: AbortSignal;
  /** Where an import that is broken off notes how far it came; left out: nowhere. */
  checkpoints?(): Promise<{ directory: string; books: string } | null>;
  /** Hands entries on; tells how many of them were in the books before. */
  deliver: Deliver;
  /** Whether the books have the entry. */
  has?(id: string): Promise<boolean>;
  /** Which days of which providers the books have, as calls and as sums. */
  coverage?(): Promise<Coverage>;
  onProgress?(progress: ImportProgress): void;
  /** Something a person should read now. */
  onNote?(sentence: string): void;
}

export interface ImportProgress {
  file: string;
  /** Bytes of all files that are read, and that there are. */
  bytes: number;
  totalBytes: number;
  calls: number;
  /** While watching: everything that was there is read. */
  waiting?: boolean;
}

/**
 * Imports calls that other tools recorded. Files are streamed, so their size does not matter; a line
 * that cannot be read is counted and never stops the rest. Ids come from the records themselves:
 * importing the same again, in any order and in any pieces, books only what is new. Throws `no_file`,
 * `unknown_kind`, `invalid_mapping`, `interrupted`, and what `deliver` throws.
 */
export async function importCalls(
  request: ImportCallsRequest,
  ports: ImportPorts,
): Promise<ImportSummary> {
  const run = await ImportRun.begin(request, ports);
  try {
    try {
      await run.pass();
      if (request.watch === true) await run.watch();
    } catch (error) {
      // To be stopped is how a watch ends.
      if (request.watch !== true || !isInterruption(error)) throw error;
    }
    return await run.finish();
  } finally {
    await run.close();
  }
}

/** Files that are kept open while watching, so that what is written into a rotated one is still read. */
const mostOpenFiles = 64;
/** Nothing is added to a file that is gone: whatever was held back is as full as it gets. */
const longGone = 10 * 366 * 86_400_000;

type Deferred = { file: string; finding: Finding }[];

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

class ImportRun {
  readonly #request: ImportCallsRequest;
  readonly #ports: ImportPorts;
  readonly #kind: SourceKind;
  readonly #tally = new Tally();
  readonly #delivery: Delivery;
  readonly #covered: CoveredDays;
  readonly #checkpoint: Checkpoint | null;
  /** Files that were read, as they were then. */
  readonly #known = new Map<string, KnownFile>();
  readonly #notOpened = new Set<string>();
  #progress: Progress = { version: 1, files: {}, last_id: null };
  /** The file that is being read, until it is known. */
  #reading: OpenSource | null = null;
  #notedAt = 0;
  #isNoted = true;
  #bytesBefore = 0;
  #totalBytes = 0;

  private constructor(
    request: ImportCallsRequest,
    ports: ImportPorts,
    kind: SourceKind,
    checkpoint: Checkpoint | null,
  ) {
    this.#request = request;
    this.#ports = ports;
    this.#kind = kind;
    this.#delivery = new Delivery(request.deliver, this.#tally);
    this.#covered = new CoveredDays(request.coverage);
    this.#checkpoint = checkpoint;
  }

  static async begin(request: ImportCallsRequest, ports: ImportPorts): Promise<ImportRun> {
    const { source: name, provider, model, tags, dryRun, watch = false } = request;
    const context = {
      ...(name === undefined ? {} : { name }),
      ...(provider === undefined ? {} : { provider }),
      ...(model === undefined ? {} : { model }),
      tags,
      // Nobody's pseudonym is needed for a dry run, and making one would leave a secret behind.
      ports: dryRun ? withoutUsers(ports) : ports,
    };
    const all = await findFiles(request.paths);
    const { kind, recognised } = await chooseKind(request, all, context);
    if (recognised) request.onNote?.(`Recognised as ${kind.name}.`);
    if (watch && !kind.grows) {
      throw new FarthingError('usage', `--watch is for logs that grow; ${kind.name} is none.`);
    }
    const checkpoints = dryRun ? null : ((await request.checkpoints?.()) ?? null);
    const checkpoint =
      checkpoints === null
        ? null
        : new Checkpoint(checkpoints.directory, {
            books: checkpoints.books,
            kind: kind.name,
            source: kind.source,
            mapping: request.mapping,
            provider,
            model,
            tags,
            paths: request.paths,
            watch,
          });
    const run = new ImportRun(request, ports, kind, checkpoint);
    await run.#resume();
    return run;
  }

  /** Reads everything that is there now. */
  async pass(): Promise<void> {
    const files = await this.#listFiles();
    const sizes = await Promise.all(files.map(async (file) => (await statOrNull(file))?.size ?? 0));
    this.#totalBytes = sizes.reduce((sum, size) => sum + size, 0);
    const deferred: Deferred = [];
    for (const [index, file] of files.entries()) {
      await this.#readFile(file, deferred);
      this.#bytesBefore += sizes[index]!;
    }
    for (const { file, finding } of deferred) await this.#take(file, finding);
    await this.#delivery.flush();
    await this.#note(true);
    this.#show('', 0, true);
  }

  /** Goes on as files grow, are rotated or come into being, until the signal is aborted. */
  async watch(): Promise<void> {
    const { signal, paths } = this.#request;
    for await (const _ of watchFiles(paths, signal)) {
      this.#bytesBefore = 0;
      await this.pass();
    }
  }

  async finish(): Promise<ImportSummary> {
    const { request, tally, kind } = this.#parts();
    // A watch that is to go on keeps what it held back; everything else is over.
    for (const { cursor, open } of this.#known.values()) {
      if (request.watch === true) tally.unfinished += open;
      tally.lines += cursor.line;
    }
    tally.unfinished += kind.unfinished?.() ?? 0;
    if (request.watch !== true) await this.#checkpoint?.remove();
    for (const note of kind.notes?.() ?? []) tally.notes.add(note);
    for (const note of this.#covered.notes()) tally.notes.add(note);
    return tally.summary({
      kind: kind.name,
      file: request.paths.join(', '),
      files: this.#known.size,
      source: kind.source,
      dry_run: request.dryRun,
    });
  }

  async close(): Promise<void> {
    const open = new Set([...this.#known.values()].map(({ source }) => source));
    for (const source of open.add(this.#reading)) await source?.close();
  }

  #parts() {
    return { request: this.#request, tally: this.#tally, kind: this.#kind };
  }

  async #listFiles(): Promise<string[]> {
    const files = await findFiles(
      this.#request.paths,
      (path) => this.#kind.accepts(path),
      (directory, code) => this.#cannotOpen(directory, `cannot be listed (${code})`),
    );
    return this.#kind.order === undefined ? files : this.#kind.order(files);
  }

  async #readFile(file: string, deferred: Deferred): Promise<void> {
    const at = await statOrNull(file);
    if (at === null) return;
    const known = this.#known.get(file);
    const isAsKnown =
      known !== undefined &&
      known.inode === at.ino &&
      known.size === at.size &&
      known.modified === at.mtimeMs;
    if (isAsKnown && known.open === 0) return;
    const source = await this.#opened(file, known, at, deferred);
    if (source === null) return;
    this.#reading = source;
    const open = await this.#readOn(file, source, deferred, this.#request.watch !== true);
    const cursor = await source.cursor();
    this.#reading = null;
    // Behind the others: those that changed last are the ones that are kept open.
    this.#known.delete(file);
    this.#known.set(file, {
      source,
      cursor,
      size: at.size,
      modified: at.mtimeMs,
      inode: at.ino,
      open,
    });
    this.#progress.files[file] = cursor;
    this.#isNoted = false;
    await this.#closeSome();
    await this.#note(false);
  }

  async #closeSome(): Promise<void> {
    const most = this.#request.watch === true ? mostOpenFiles : 0;
    const open = [...this.#known.values()].filter(({ source }) => source !== null);
    for (const known of open.slice(0, Math.max(0, open.length - most))) {
      await known.source!.close();
      known.source = null;
    }
  }

  /** Null when the file cannot be opened: it is listed once, and the others are read. */
  async #opened(
    file: string,
    known: KnownFile | undefined,
    at: { size: number; ino: number },
    deferred: Deferred,
  ): Promise<OpenSource | null> {
    try {
      return await this.#sourceOf(file, known, at, deferred);
    } catch (error) {
      const reason = whyNotOpened(error, file);
      if (reason === null) throw error;
      this.#cannotOpen(file, reason);
      return null;
    }
  }

  #cannotOpen(path: string, reason: string): void {
    if (!this.#notOpened.has(path)) this.#tally.cannotRead(path, 0, reason);
    this.#notOpened.add(path);
  }

  /** The file's reader: the one that there is, or a new one where another file has taken its place. */
  async #sourceOf(
    file: string,
    known: KnownFile | undefined,
    at: { size: number; ino: number },
    deferred: Deferred,
  ): Promise<OpenSource> {
    const from = known?.cursor ?? this.#progress.files[file];
    const source = known?.source ?? (await this.#kind.open(file, from));
    const isOther = known !== undefined && known.inode !== at.ino;
    if (from === undefined) return source;
    if (isOther && known.source !== null) {
      // Rotated: what was still written into the old one comes first.
      await this.#readOn(file, source, deferred, true);
    } else if (!isOther && at.size >= from.offset && (await source.isAsRead(from))) {
      return source;
    } else if (known !== undefined) await this.#settle(file, source, deferred, true);
    this.#tally.lines += (await source.cursor()).line;
    await source.close();
    return this.#kind.open(file);
  }

  /** Reads on; returns how many calls may still grow. `gone`: nothing more will be asked of it. */
  async #readOn(
    file: string,
    source: OpenSource,
    deferred: Deferred,
    gone: boolean,
  ): Promise<number> {
    if (this.#request.watch === true && !(source instanceof LogSource)) {
      throw new FarthingError(
        'usage',
        `--watch reads what is added to JSON lines; ${file} is none. Import it again when it has changed: what is there already is left alone.`,
      );
    }
    for await (const { findings, offset } of source.read()) {
      let isFull = false;
      for (const finding of findings) {
        if (await this.#take(file, finding)) isFull = true;
      }
      if (isFull) {
        await this.#delivery.flush();
        this.#progress.files[file] = await source.cursor();
        this.#isNoted = false;
        await this.#note(false);
      }
      if (findings.length > 0) this.#show(file, offset);
      if (this.#request.signal?.aborted === true) await this.#interrupt(file, source);
    }
    return this.#settle(file, source, deferred, gone);
  }

  /** Notes how far it came, and stops. */
  async #interrupt(file: string, source: OpenSource): Promise<never> {
    await this.#delivery.flush();
    this.#progress.files[file] = await source.cursor();
    this.#isNoted = false;
    await this.#note(true);
    throw new FarthingError(
      'interrupted',
      `Stopped after ${this.#tally.calls} calls. Give the same command again to go on from there.`,
    );
  }

  async #settle(
    file: string,
    source: OpenSource,
    deferred: Deferred,
    gone: boolean,
  ): Promise<number> {
    const now = this.#ports.now();
    const isReplaced = gone && this.#request.watch === true;
    const time = isReplaced ? new Date(now.getTime() + longGone) : now;
    const settled = source.settle(time, gone);
    for (const finding of settled.findings) {
      if (await this.#take(file, finding)) await this.#delivery.flush();
    }
    deferred.push(...settled.deferred.map((finding) => ({ file, finding })));
    if (gone) this.#tally.unfinished += settled.open;
    return settled.open;
  }

  /** Whether a batch is full. */
  async #take(file: string, finding: Finding): Promise<boolean> {
    const { tally } = this.#parts();
    if (finding.kind === 'other') {
      tally.others++;
      return false;
    }
    if (finding.kind === 'unreadable') {
      tally.cannotRead(file, finding.line, finding.reason);
      return false;
    }
    const entry: Entry = finding.entry;
    if (tally.isRepeated(entry)) return false;
    if (await this.#covered.covers(entry)) {
      tally.leftOut++;
      return false;
    }
    tally.add(entry, finding.line);
    return this.#delivery.add({ entry, file, line: finding.line });
  }

  /** Goes on where an import that was broken off had come to, if the books are those it wrote to. */
  async #resume(): Promise<void> {
    const progress = (await this.#checkpoint?.read()) ?? null;
    if (progress === null) return;
    const { last_id: last } = progress;
    const { has } = this.#request;
    if (last !== null && has !== undefined && !(await has(last))) return;
    this.#progress = progress;
    const files = Object.keys(progress.files).length;
    this.#request.onNote?.(
      `Going on where the last import was broken off (${files} ${files === 1 ? 'file' : 'files'} begun or done).`,
    );
  }

  /** Only what was handed on may be noted: the batch that is being filled is read again. */
  async #note(now: boolean): Promise<void> {
    if (this.#checkpoint === null || this.#isNoted) return;
    const time = this.#ports.now().getTime();
    if (!now && time - this.#notedAt < checkpointMilliseconds) return;
    this.#notedAt = time;
    await this.#delivery.flush();
    this.#progress.last_id = this.#delivery.lastId ?? this.#progress.last_id;
    await this.#checkpoint.write(this.#progress);
    this.#isNoted = true;
  }

  #show(file: string, offset: number, done = false): void {
    this.#request.onProgress?.({
      file,
      bytes: done ? this.#totalBytes : this.#bytesBefore + offset,
      totalBytes: this.#totalBytes,
      calls: this.#tally.calls,
      ...(done && this.#request.watch === true ? { waiting: true } : {}),
    });
  }
}

/** Null for what concerns not this file alone, e.g. a disk that is full. */
function whyNotOpened(error: unknown, file: string): string | null {
  if (FarthingError.isInstance(error)) return error.code === 'file_packed' ? error.message : null;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const isOfFile = path === file || code === 'EISDIR';
  return isOfFile && (syscall === 'open' || syscall === 'read') ? `cannot be read (${code})` : null;
}

function withoutUsers(ports: ImportPorts): ImportPorts {
  const protect = (of: { user?: string }) => void delete of.user;
  return { ...ports, protect, protectReceived: protect };
}

function isInterruption(error: unknown): boolean {
  return FarthingError.isInstance(error) && error.code === 'interrupted';
}

async function statOrNull(path: string) {
  try {
    return await stat(path);
  } catch {
    // It went away since it was listed.
    return null;
  }
}
