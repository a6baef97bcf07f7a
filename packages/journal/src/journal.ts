import {
  entrySchema,
  FarthingError,
  type ClosedLine,
  type Entry,
  type OpenedLine,
  type SegmentLine,
  type WithdrawnLine,
} from '@farthing/core';
import type { OpenAppendFile } from './append-file.js';
import { GroupCommit } from './group-commit.js';
import { RotatingFile } from './rotating-file.js';

/** Up to this many calls in flight, lines are written one by one; beyond, they gather into batches. */
const fewCalls = 4;

export interface JournalOptions {
  directory: string;
  /** The journal's name, as it stands in positions and in `farthing doctor`. */
  name: string;
  /** Number of the first segment to write: one above the last that exists. */
  firstSegment: number;
  /** Calls left open by the journal's previous writer; the first segment carries them on. */
  open: OpenedLine[];
  segmentBytes?: number;
  flushMilliseconds?: number;
  now?: () => Date;
  openAppendFile?: OpenAppendFile;
  onFailure?: (error: Error) => void;
}

/**
 * Append-only, group-committed JSONL: the source of truth for every call.
 *
 * Lines collect in memory and leave in one write every few milliseconds, followed by one
 * `fdatasync`; nothing here ever blocks the caller. Once written, a line survives the death of the
 * process; once synced, that of the machine. A write that fails (full disk) is kept and retried, so
 * nothing accepted is dropped; `failure` tells meanwhile, and the gateway's policy decides whether
 * further calls are taken.
 */
export class Journal {
  readonly name: string;
  readonly #commit: GroupCommit<OpenedLine | ClosedLine | WithdrawnLine>;
  /** Calls in flight, by id: opened, and their end not yet on disk. */
  readonly #open: Map<string, OpenedLine>;
  /** Closed calls whose line is not written yet: until then a new segment must still carry them. */
  #closing: { line: number; id: string }[] = [];

  constructor(options: JournalOptions) {
    this.name = options.name;
    this.#open = new Map(options.open.map((line) => [line.id, line]));
    const file = new RotatingFile({
      directory: options.directory,
      firstSegment: options.firstSegment,
      segmentBytes: options.segmentBytes ?? 64 * 1024 * 1024,
      now: options.now ?? (() => new Date()),
      header: (segment, now) => JSON.stringify(this.#segmentLine(segment, now)),
      ...(options.openAppendFile ? { openAppendFile: options.openAppendFile } : {}),
    });
    this.#commit = new GroupCommit({
      file,
      render: JSON.stringify,
      intervalMilliseconds: options.flushMilliseconds ?? 4,
      retryMilliseconds: 250,
      onWritten: (upTo) => this.#forgetClosed(upTo),
      onFailure: options.onFailure ?? (() => {}),
    });
  }

  /** Why lines are not reaching the disk at the moment; null when all is well. */
  get failure(): Error | null {
    return this.#commit.failure;
  }

  /** Lines accepted and not yet written. */
  get backlog(): number {
    return this.#commit.backlog;
  }

  /** Calls in flight. */
  get openCalls(): number {
    return this.#open.size;
  }

  /** Records that a call is about to leave. Returns the line's number, for `isWritten` and `written`. */
  opened(line: OpenedLine): number {
    this.#open.set(line.id, line);
    // With few calls about, there is no batch to wait for, and the caller's answer waits for this line.
    return this.#commit.add(line, this.#open.size <= fewCalls);
  }

  /** Records how a call ended. A call that was never opened here (an import) is accepted as well. */
  closed(entry: Entry): number {
    const line = this.#commit.add({ type: 'closed', entry });
    if (this.#open.has(entry.id)) this.#closing.push({ line, id: entry.id });
    return line;
  }

  /** Records that a call which was opened here is booked by somebody else: no entry will follow. */
  withdrawn(id: string): number {
    const line = this.#commit.add({ type: 'withdrawn', schema: entrySchema, id });
    if (this.#open.has(id)) this.#closing.push({ line, id });
    return line;
  }

  isWritten(line: number): boolean {
    return this.#commit.isWritten(line);
  }

  /** Resolves when the line is with the operating system: it then survives the death of this process. */
  written(line: number): Promise<void> {
    return this.#commit.wait(line, 'written');
  }

  /** Like `written`, but does not hold its caller up when the disk fails: the line then waits in memory. */
  handedOver(line: number): Promise<void> {
    return this.#commit.wait(line, 'settled');
  }

  /** Resolves when the line is on stable storage. */
  durable(line: number): Promise<void> {
    return this.#commit.wait(line, 'durable');
  }

  /**
   * Writes and syncs what is left and finishes the segment.
   * @throws FarthingError `journal_unwritable` when the disk will not take it.
   */
  async close(): Promise<void> {
    try {
      await this.#commit.close();
    } catch (error) {
      throw new FarthingError(
        'journal_unwritable',
        `The journal "${this.name}" could not write its last ${this.backlog} lines: ${(error as Error).message}. Free space on the disk that holds the data directory.`,
        { cause: error },
      );
    }
  }

  #segmentLine(segment: number, now: Date): SegmentLine {
    return {
      type: 'segment',
      schema: entrySchema,
      journal: this.name,
      segment,
      created_at: now.toISOString(),
      open: [...this.#open.values()],
    };
  }

  #forgetClosed(upTo: number): void {
    let count = 0;
    for (const { line, id } of this.#closing) {
      if (line > upTo) break;
      this.#open.delete(id);
      count++;
    }
    if (count > 0) this.#closing = this.#closing.slice(count);
  }
}
