import { mkdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpanFacts } from '@farthing/core';
import {
  GroupCommit,
  listSegments,
  readLines,
  RotatingFile,
  segmentPath,
  type OpenAppendFile,
} from '@farthing/journal';

/** Spans that came in together, and when: milliseconds since 1970. */
export interface InboxLine {
  type: 'spans';
  at: number;
  spans: SpanFacts[];
}

export interface SpanInboxOptions {
  directory: string;
  now: () => number;
  segmentBytes?: number;
  openAppendFile?: OpenAppendFile;
}

/** So many spans are one line, so that no line is longer than a reader likes. */
const spansOfLine = 500;

/**
 * Where received spans are on stable storage before they are acknowledged, and until it is settled which
 * of them are calls of their own. What they say about calls is kept, and no text.
 */
export class SpanInbox {
  readonly #directory: string;
  readonly #now: () => number;
  readonly #commit: GroupCommit<InboxLine>;
  readonly #firstOwn: number;

  private constructor(options: SpanInboxOptions, firstSegment: number) {
    this.#directory = options.directory;
    this.#now = options.now;
    this.#firstOwn = firstSegment;
    const file = new RotatingFile({
      directory: options.directory,
      firstSegment,
      segmentBytes: options.segmentBytes ?? 32 * 1024 * 1024,
      now: () => new Date(options.now()),
      header: (segment) => JSON.stringify({ type: 'inbox', schema: 1, segment }),
      ...(options.openAppendFile ? { openAppendFile: options.openAppendFile } : {}),
    });
    this.#commit = new GroupCommit({
      file,
      render: JSON.stringify,
      intervalMilliseconds: 4,
      retryMilliseconds: 250,
      onWritten: () => undefined,
      onFailure: () => undefined,
    });
  }

  static async open(options: SpanInboxOptions): Promise<SpanInbox> {
    await mkdir(options.directory, { recursive: true, mode: 0o700 });
    const last = (await listSegments(options.directory)).at(-1) ?? 0;
    return new SpanInbox(options, last + 1);
  }

  /** Why spans are not reaching the disk at the moment; null when all is well. */
  get failure(): Error | null {
    return this.#commit.failure;
  }

  /** Resolves to true when the spans are on stable storage, to false when the disk does not take them now. */
  async append(spans: readonly SpanFacts[]): Promise<boolean> {
    let last = 0;
    const at = this.#now();
    for (let start = 0; start < spans.length; start += spansOfLine) {
      const line: InboxLine = { type: 'spans', at, spans: spans.slice(start, start + spansOfLine) };
      last = this.#commit.add(line);
    }
    await this.#commit.wait(last, 'settled');
    if (this.#commit.failure !== null) return false;
    await this.#commit.wait(last, 'durable');
    return true;
  }

  /** What earlier processes left, oldest first. A line that a crash tore was never acknowledged. */
  async *earlier(): AsyncGenerator<InboxLine> {
    for (const segment of await listSegments(this.#directory)) {
      if (segment >= this.#firstOwn) return;
      for await (const { text, complete } of readLines(segmentPath(this.#directory, segment))) {
        const line = complete ? parseLine(text) : null;
        if (line !== null) yield line;
      }
    }
  }

  /** Removes segments that were last written before this time; the last one stays. */
  async expire(before: number): Promise<void> {
    const segments = await listSegments(this.#directory);
    for (const segment of segments.slice(0, -1)) {
      const path = segmentPath(this.#directory, segment);
      if ((await stat(path)).mtimeMs >= before) return;
      await unlink(path);
    }
  }

  close(): Promise<void> {
    return this.#commit.close();
  }
}

export function inboxDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'telemetry');
}

function parseLine(text: string): InboxLine | null {
  try {
    const line = JSON.parse(text) as Partial<InboxLine>;
    if (line.type !== 'spans' || !Array.isArray(line.spans)) return null;
    return { type: 'spans', at: Number(line.at) || 0, spans: line.spans };
  } catch {
    return null;
  }
}
