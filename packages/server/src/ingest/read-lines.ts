import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';

/** Longer lines are not records of calls (or not text at all). */
const longestLine = 4 * 1024 * 1024;
const chunkBytes = 1 << 18;
const fingerprintBytes = 1024;

/** A line of a file. `text` is null when it cannot be one, and `reason` says why. */
export type SourceLine =
  | { line: number; text: string; end: number; ended: boolean }
  | { line: number; text: null; reason: string; end: number; ended: boolean };

export interface LineReading {
  /** Where to begin; the default is the beginning. */
  from?: { offset: number; line: number };
  longest?: number;
  /** Lines that cannot matter are passed over without being decoded; they still count as lines. */
  concerns?(bytes: Buffer): boolean;
}

/** A text file that is read line by line, again and again while it grows. */
export class LineFile {
  readonly #handle: FileHandle;
  readonly #options: LineReading;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  /** Bytes before this are done with: the end of the last line that was taken. */
  offset: number;
  line: number;

  private constructor(handle: FileHandle, options: LineReading) {
    this.#handle = handle;
    this.#options = options;
    this.offset = options.from?.offset ?? 0;
    this.line = options.from?.line ?? 0;
  }

  static async open(path: string, options: LineReading = {}): Promise<LineFile> {
    return new LineFile(await open(path, 'r'), options);
  }

  /**
   * The lines behind `offset`: LF or CRLF, with or without a byte-order mark. A last line without its
   * newline comes with `ended: false` and is not passed: {@link take} it, or read it again when it has
   * grown. Memory stays bounded whatever the file holds.
   */
  async *lines(): AsyncGenerator<SourceLine> {
    const longest = this.#options.longest ?? longestLine;
    const { concerns } = this.#options;
    let parts: Buffer[] = [];
    let length = 0;
    let position = this.offset;
    const buffer = Buffer.allocUnsafe(chunkBytes);
    for (;;) {
      const { bytesRead } = await this.#handle.read(buffer, 0, chunkBytes, position);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      let start = 0;
      for (;;) {
        const newline = chunk.indexOf(0x0a, start);
        const stop = newline < 0 ? bytesRead : newline;
        const part = chunk.subarray(start, stop);
        // The buffer is filled again: the beginning of a line that goes on is copied out of it.
        if (length <= longest) parts.push(newline < 0 ? Buffer.from(part) : part);
        length += part.length;
        if (newline < 0) break;
        this.offset = position + newline + 1;
        this.line++;
        const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
        if (length > longest || concerns === undefined || concerns(bytes)) {
          yield this.#decode(bytes, length > longest, true);
        }
        parts = [];
        length = 0;
        start = newline + 1;
      }
      position += bytesRead;
    }
    if (length > 0) {
      const found = this.#decode(Buffer.concat(parts), length > longest, false);
      yield { ...found, line: this.line + 1, end: this.offset + length };
    }
  }

  /** Passes a last line that has no newline. */
  take({ end, line }: SourceLine): void {
    this.offset = end;
    this.line = line;
  }

  #decode(bytes: Buffer, isTooLong: boolean, ended: boolean): SourceLine {
    const { line, offset: end } = this;
    if (isTooLong) {
      const megabytes = (this.#options.longest ?? longestLine) / 1024 / 1024;
      return { line, text: null, reason: `longer than ${megabytes} MB`, end, ended };
    }
    try {
      return { line, text: this.#decoder.decode(bytes).replace(/\r$/, ''), end, ended };
    } catch {
      return { line, text: null, reason: 'not UTF-8 text', end, ended };
    }
  }

  /** A hash of the last bytes before `offset`. */
  async fingerprint(offset = this.offset): Promise<string> {
    const length = Math.min(offset, fingerprintBytes);
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await this.#handle.read(buffer, 0, length, offset - length);
    return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex').slice(0, 32);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
