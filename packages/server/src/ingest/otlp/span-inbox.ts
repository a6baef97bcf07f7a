import { randomUUID } from 'node:crypto';
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
import { PackedSpans } from './packed-spans.js';

/** Spans that came in together, and when: milliseconds since 1970. */
export interface InboxLine {
  type: 'spans';
  at: number;
  /** Of a request that takes several lines: which one, and whether this is its last line. */
  request?: string;
  last?: boolean;
  spans: SpanFacts[];
}

export interface SpanInboxOptions {
  directory: string;
  now: () => number;
  segmentBytes?: number;
  openAppendFile?: OpenAppendFile;
}

/** Lines of a request that may wait for the disk; then the sender waits. */
const mostUnwritten = 8;

/**
 * Where received spans are on stable storage before they are acknowledged, and until it is settled which
 * of them are calls of their own. What they say about calls is kept, and no text.
 */
export class SpanInbox {
  readonly #directory: string;
  readonly #now: () => number;
  readonly #commit: GroupCommit<string>;
  readonly #firstOwn: number;
  /** Requests whose last line was not read yet. */
  readonly #incomplete = new Map<string, PackedSpans[]>();

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
      render: (line) => line,
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

  /**
   * Stores the spans of one request, part by part as they come: all of them or none. Resolves with them
   * when they are on stable storage, and with null when the disk does not take them now. Rejects, and has
   * stored nothing, when the parts end with an error.
   */
  async store(parts: AsyncIterable<readonly SpanFacts[]>): Promise<PackedSpans[] | null> {
    const packed: PackedSpans[] = [];
    const lines: number[] = [];
    const request = randomUUID();
    for await (const part of parts) {
      if (this.#commit.failure !== null && lines.length > 0) continue;
      const previous = packed.at(-1);
      if (previous !== undefined) lines.push(this.#add({ request }, previous));
      packed.push(new PackedSpans(part));
      const oldest = lines.at(-mostUnwritten);
      if (oldest !== undefined) await this.#commit.wait(oldest, 'settled');
    }
    const last = packed.at(-1);
    if (last === undefined) return packed;
    const line = this.#add(lines.length === 0 ? {} : { request, last: true }, last);
    await this.#commit.wait(line, 'settled');
    if (this.#commit.failure !== null) return null;
    await this.#commit.wait(line, 'durable');
    return packed;
  }

  #add(about: Pick<InboxLine, 'request' | 'last'>, spans: PackedSpans): number {
    const head = JSON.stringify({ type: 'spans', at: this.#now(), ...about });
    return this.#commit.add(`${head.slice(0, -1)},"spans":${spans.text}}`);
  }

  /**
   * What earlier processes stored, oldest first. A line that a crash tore was never acknowledged, and nor
   * was a request whose last line is missing.
   */
  async *earlier(): AsyncGenerator<{ at: number; spans: PackedSpans[] }> {
    for (const segment of await listSegments(this.#directory)) {
      if (segment >= this.#firstOwn) return;
      for await (const { text, complete } of readLines(segmentPath(this.#directory, segment))) {
        const line = complete ? parseLine(text) : null;
        if (line !== null) yield* this.#completed(line);
      }
    }
  }

  *#completed({
    at,
    request,
    last,
    spans,
  }: InboxLine): Generator<{ at: number; spans: PackedSpans[] }> {
    const packed = new PackedSpans(spans);
    if (request === undefined) {
      yield { at, spans: [packed] };
      return;
    }
    const parts = this.#incomplete.get(request) ?? [];
    parts.push(packed);
    if (last !== true) this.#incomplete.set(request, parts);
    else {
      this.#incomplete.delete(request);
      yield { at, spans: parts };
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
    return { ...line, type: 'spans', at: Number(line.at) || 0, spans: line.spans };
  } catch {
    return null;
  }
}
