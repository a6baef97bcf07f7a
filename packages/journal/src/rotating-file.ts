import { open as openFile } from 'node:fs/promises';
import { createAppendFile, type AppendFile, type OpenAppendFile } from './append-file.js';
import { segmentPath } from './segment-files.js';

export interface RotatingFileOptions {
  directory: string;
  firstSegment: number;
  /** A segment is finished when it has this many bytes, or when its UTC hour is over. */
  segmentBytes: number;
  now: () => Date;
  /** First line of a new segment, without newline. */
  header: (segment: number, now: Date) => string;
  openAppendFile?: OpenAppendFile;
}

interface Segment {
  file: AppendFile;
  hour: number;
  size: number;
  /** The first line, as long as it is not written: a full disk may take it in several attempts. */
  header: Buffer | null;
}

/** Appends to numbered segments and begins a new one by size and by hour. One append at a time; a sync may run beside it. */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  readonly #openAppendFile: OpenAppendFile;
  #number: number;
  #segment: Segment | null = null;
  #inPart = false;
  #syncing: Promise<void> | null = null;
  /** Settles, whatever happens, when the segment under way is finished; null when none is. */
  #finishing: Promise<void> | null = null;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
    this.#openAppendFile = options.openAppendFile ?? createAppendFile;
    this.#number = options.firstSegment - 1;
  }

  /** Writes all of `bytes`. After a failure, call again with the same bytes: the written part is not repeated. */
  async append(bytes: Buffer): Promise<void> {
    if (!this.#inPart && this.#isOver()) await this.#finish();
    const segment = await this.#current();
    this.#inPart = true;
    await segment.file.append(bytes);
    this.#inPart = false;
    segment.size += bytes.length;
  }

  async sync(): Promise<void> {
    // A segment that is being finished is synced there, and its file is closed right after.
    await this.#finishing;
    const segment = this.#segment;
    if (segment === null) return;
    try {
      this.#syncing = segment.file.sync();
      await this.#syncing;
    } catch (error) {
      // What the disk did with this file is unknown from here on: go on in a fresh one.
      segment.size = Number.POSITIVE_INFINITY;
      throw error;
    } finally {
      this.#syncing = null;
    }
  }

  /** Finishes the segment. Ensures that there is one, so that the calls it carries are on record. */
  async close(): Promise<void> {
    await this.#current();
    await this.#finish();
  }

  #isOver(): boolean {
    const segment = this.#segment;
    if (segment === null || segment.header !== null) return false;
    // A clock that jumps backwards does not start new segments: only a later hour does.
    return segment.size >= this.#options.segmentBytes || hourOf(this.#options.now()) > segment.hour;
  }

  async #finish(): Promise<void> {
    const segment = this.#segment;
    if (segment === null) return;
    const finished = this.#syncAndClose(segment);
    this.#finishing = finished.catch(() => {});
    try {
      await finished;
    } finally {
      this.#finishing = null;
    }
  }

  async #syncAndClose(segment: Segment): Promise<void> {
    // A sync under way still needs the open file; whether it fails is its caller's to report.
    await this.#syncing?.catch(() => {});
    await segment.file.sync();
    this.#segment = null;
    await segment.file.close();
  }

  async #current(): Promise<Segment> {
    if (this.#segment === null) {
      const number = this.#number + 1;
      const now = this.#options.now();
      const header = Buffer.from(`${this.#options.header(number, now)}\n`);
      const file = await this.#openAppendFile(segmentPath(this.#options.directory, number));
      this.#number = number;
      this.#segment = { file, hour: hourOf(now), size: header.length, header };
    }
    if (this.#segment.header !== null) {
      await this.#segment.file.append(this.#segment.header);
      this.#segment.header = null;
      await syncDirectory(this.#options.directory);
    }
    return this.#segment;
  }
}

function hourOf(time: Date): number {
  return Math.floor(time.getTime() / 3_600_000);
}

/** Makes the new file's name durable; some file systems cannot, and then there is nothing to do. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    const handle = await openFile(directory, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows and some network file systems refuse to sync a directory.
  }
}
