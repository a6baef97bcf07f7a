import { open } from 'node:fs/promises';

const chunkBytes = 1 << 20;
const newline = 0x0a;

/** Longer than any line a writer makes: 16 MiB. What is longer is damage, not to be held in memory. */
export const longestLine = 1 << 24;

export interface CursorLine {
  text: string;
  /** Byte offset at which the line begins. */
  offset: number;
}

/**
 * A place in one segment. It reads every byte once: complete lines are handed out, the bytes of a
 * line that is still being written are kept until its newline comes.
 */
export class SegmentCursor {
  readonly #path: string;
  /** Everything before it has been handed out. Always the beginning of a line. */
  offset: number;
  #partial: Buffer = Buffer.alloc(0);

  constructor(path: string, offset: number) {
    this.#path = path;
    this.offset = offset;
  }

  /** Where the next read begins. */
  get end(): number {
    return this.offset + this.#partial.length;
  }

  get partialBytes(): number {
    return this.#partial.length;
  }

  /**
   * The complete lines of the next megabyte, or null when nothing new is there. `overlong` is where
   * a line without end was given up; what follows it is read as a line of its own.
   */
  async next(): Promise<{ lines: CursorLine[]; overlong: number | null } | null> {
    const bytes = await readAt(this.#path, this.end);
    if (bytes === null) return null;
    const held = this.#partial.length;
    const all = held === 0 ? bytes : Buffer.concat([this.#partial, bytes]);
    const lines: CursorLine[] = [];
    let start = 0;
    for (let end = all.indexOf(newline, held); end >= 0; end = all.indexOf(newline, start)) {
      lines.push({ text: all.toString('utf8', start, end), offset: this.offset + start });
      start = end + 1;
    }
    this.offset += start;
    this.#partial = all.subarray(start);
    const overlong = this.#partial.length > longestLine ? this.dropPartial() : null;
    return { lines, overlong };
  }

  /** Gives up the line that has no end; returns where it began. */
  dropPartial(): number {
    const began = this.offset;
    this.offset = this.end;
    this.#partial = Buffer.alloc(0);
    return began;
  }

  /**
   * Follows a file that has become shorter. Returns whether bytes that had been handed out are gone;
   * when only the unfinished last line was cut off (as recovery does), nothing is lost.
   */
  shrinkTo(size: number): boolean {
    this.#partial = Buffer.alloc(0);
    if (size >= this.offset) return false;
    this.offset = size;
    return true;
  }
}

async function readAt(path: string, position: number): Promise<Buffer | null> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    const { bytesRead } = await file.read(buffer, 0, chunkBytes, position);
    return bytesRead === 0 ? null : buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
