import { FarthingError, type Entry, type ImportSummary } from '@farthing/core';
import { Checkpoint } from './checkpoint.js';
import { chooseKind } from './choose-kind.js';
import { CoveredDays } from './covered-days.js';
import { Delivery } from './delivery.js';
import type { Finding, OpenSource, SourceKind, Step } from './finding.js';
import { findFiles } from './find-files.js';
import type { ImportCallsRequest } from './import-calls.js';
import { ImportFiles, statOrNull } from './import-files.js';
import { ImportNotes } from './import-notes.js';
import { KnownCalls, type Known } from './known-calls.js';
import type { ImportPorts } from './ports.js';
import { Tally } from './tally.js';
import { watchFiles } from './watch-files.js';

/** One import: the files in, the calls out, and what is said of them. */
export class ImportRun {
  readonly #request: ImportCallsRequest;
  readonly #kind: SourceKind;
  readonly #tally = new Tally();
  readonly #delivery: Delivery;
  readonly #covered: CoveredDays;
  readonly #known: KnownCalls | null;
  readonly #notes: ImportNotes;
  readonly #files: ImportFiles;
  #deferred: { file: string; finding: Finding }[] = [];
  #leftToOthers = 0;
  #adjusted = 0;
  #bytesBefore = 0;
  #totalBytes = 0;

  private constructor(
    request: ImportCallsRequest,
    ports: ImportPorts,
    kind: SourceKind,
    checkpoint: Checkpoint | null,
  ) {
    this.#request = request;
    this.#kind = kind;
    this.#delivery = new Delivery(request.deliver, this.#tally);
    this.#covered = new CoveredDays(request.coverage);
    const { beside } = request;
    // Journals and archives bring ids of their own, and are taken word for word.
    this.#known =
      beside === undefined || kind.source === null
        ? null
        : new KnownCalls(beside, kind.source, ports.now);
    this.#notes = new ImportNotes(checkpoint, this.#delivery, ports.now);
    this.#files = new ImportFiles({
      kind,
      watch: request.watch === true,
      tally: this.#tally,
      now: ports.now,
      cursor: (file) => this.#notes.cursor(file),
      onStep: (file, source, step) => this.#takeStep(file, source, step),
      onSettled: async (file, findings) => {
        for (const finding of findings) {
          if (await this.#take(file, finding)) await this.#delivery.flush();
        }
      },
      onDeferred: (file, findings) => {
        for (const finding of findings) this.#deferred.push({ file, finding });
      },
    });
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
    const run = new ImportRun(request, ports, kind, await checkpointOf(request, kind));
    const begun = await run.#notes.resume(request.has);
    if (begun !== null) {
      request.onNote?.(
        `Going on where the last import was broken off (${begun} ${begun === 1 ? 'file' : 'files'} begun or done).`,
      );
    }
    return run;
  }

  /** Reads everything that is there now. */
  async pass(): Promise<void> {
    const files = await this.#listFiles();
    const sizes = await Promise.all(files.map(async (file) => (await statOrNull(file))?.size ?? 0));
    this.#totalBytes = sizes.reduce((sum, size) => sum + size, 0);
    this.#deferred = [];
    for (const [index, file] of files.entries()) {
      const cursor = await this.#files.read(file);
      if (cursor !== null) {
        this.#notes.set(file, cursor);
        await this.#notes.write(false);
      }
      this.#bytesBefore += sizes[index]!;
    }
    for (const { file, finding } of this.#deferred) await this.#take(file, finding);
    await this.#delivery.flush();
    await this.#notes.write(true);
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
    const { paths, watch, dryRun } = this.#request;
    const tally = this.#tally;
    const kind = this.#kind;
    const { lines, open } = this.#files.totals();
    tally.lines += lines;
    // A watch that is to go on keeps what it held back; everything else is over.
    if (watch === true) tally.unfinished += open;
    tally.unfinished += kind.unfinished?.() ?? 0;
    if (watch !== true) await this.#notes.remove();
    for (const note of kind.notes?.() ?? []) tally.notes.add(note);
    for (const note of this.#covered.notes()) tally.notes.add(note);
    for (const note of this.#notesOnKnown()) tally.notes.add(note);
    return tally.summary({
      kind: kind.name,
      file: paths.join(', '),
      files: this.#files.count,
      source: kind.source,
      dry_run: dryRun,
    });
  }

  close(): Promise<void> {
    return this.#files.close();
  }

  async #listFiles(): Promise<string[]> {
    const files = await findFiles(
      this.#request.paths,
      (path) => this.#kind.accepts(path),
      (directory, code) => this.#files.cannotOpen(directory, `cannot be listed (${code})`),
    );
    return this.#kind.order === undefined ? files : this.#kind.order(files);
  }

  async #takeStep(file: string, source: OpenSource, { findings, offset }: Step): Promise<void> {
    let isFull = false;
    for (const finding of findings) {
      if (await this.#take(file, finding)) isFull = true;
    }
    if (isFull) {
      await this.#delivery.flush();
      this.#notes.set(file, await source.cursor());
      await this.#notes.write(false);
    }
    if (findings.length > 0) this.#show(file, offset);
    if (this.#request.signal?.aborted === true) await this.#interrupt(file, source);
  }

  /** Notes how far it came, and stops. */
  async #interrupt(file: string, source: OpenSource): Promise<never> {
    await this.#delivery.flush();
    this.#notes.set(file, await source.cursor());
    await this.#notes.write(true);
    throw new FarthingError(
      'interrupted',
      `Stopped after ${this.#tally.calls} calls. Give the same command again to go on from there.`,
    );
  }

  /** Whether a batch is full. */
  async #take(file: string, finding: Finding): Promise<boolean> {
    const tally = this.#tally;
    if (finding.kind === 'other') {
      tally.others++;
      return false;
    }
    if (finding.kind === 'unreadable') {
      tally.cannotRead(file, finding.line, finding.reason);
      return false;
    }
    const { entry, line } = finding;
    if (tally.isRepeated(entry)) return false;
    if (await this.#covered.covers(entry)) {
      tally.leftOut++;
      return false;
    }
    const known = await this.#knownAs(entry);
    if (known?.as === 'another') {
      tally.leftOut++;
      this.#leftToOthers++;
      return false;
    }
    tally.add(entry, line);
    if (known === null) return this.#delivery.add({ entry, file, line });
    this.#adjusted++;
    return this.#delivery.add({ entry: known.adjusting, file, line });
  }

  /** What the books have of the call; only asked where they have calls of its provider and day. */
  async #knownAs(entry: Entry): Promise<Known | null> {
    if (this.#known === null || !(await this.#covered.hasCallsBeside(entry))) return null;
    return this.#known.find(entry);
  }

  /** What came of calls that the books had in another way. */
  *#notesOnKnown(): Generator<string> {
    if (this.#leftToOthers > 0) {
      yield `${this.#leftToOthers} calls are left out: the books have their answers from another source (same response id).`;
    }
    if (this.#adjusted > 0) {
      yield `${this.#adjusted} calls were booked before their answers had been written whole: an adjusting entry each adds the rest.`;
    }
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

/** Where the import notes how far it came; null where it does not. */
async function checkpointOf(
  request: ImportCallsRequest,
  kind: SourceKind,
): Promise<Checkpoint | null> {
  const { mapping, provider, model, tags, paths, watch = false } = request;
  const checkpoints = request.dryRun ? null : ((await request.checkpoints?.()) ?? null);
  if (checkpoints === null) return null;
  const { directory, books } = checkpoints;
  const of = { books, kind: kind.name, source: kind.source, mapping, provider, model, tags };
  return new Checkpoint(directory, { ...of, paths, watch });
}

function withoutUsers(ports: ImportPorts): ImportPorts {
  const protect = (of: { user?: string }) => void delete of.user;
  return { ...ports, protect, protectReceived: protect };
}
