import type { Tap, Tapped } from './tap.js';

/** No result of a model is as long; what is, is no file of results. */
const longestLine = 32 * 1024 * 1024;
const lineFeed = 0x0a;
const openingBrace = 0x7b;

/**
 * Reads an answer of JSON lines while it passes, and hands on each as it is complete. It stops
 * listening at the first line that `take` refuses, so that other files cost nothing but their first.
 */
export class LinesTap implements Tap {
  readonly #take: (line: unknown) => boolean;
  #chunks: Buffer[] = [];
  #size = 0;
  #listens = true;
  #started = false;

  constructor(take: (line: unknown) => boolean) {
    this.#take = take;
  }

  push(chunk: Buffer): Buffer {
    if (this.#listens) this.#read(chunk);
    return chunk;
  }

  flush(): null {
    if (this.#listens && this.#size > 0) this.#end();
    return null;
  }

  finish(): Tapped {
    const reading = { status: 'no_usage', reason: 'this answer is no call of its own' } as const;
    return { reading, errorType: null, seenTokens: 0 };
  }

  #read(chunk: Buffer): void {
    if (!this.#started && chunk.length > 0) {
      this.#started = true;
      if (chunk[0] !== openingBrace) return this.#stop();
    }
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(lineFeed, start);
      if (end < 0) break;
      this.#add(chunk.subarray(start, end));
      this.#end();
      if (!this.#listens) return;
      start = end + 1;
    }
    if (start < chunk.length) this.#add(chunk.subarray(start));
    if (this.#size > longestLine) this.#stop();
  }

  #add(bytes: Buffer): void {
    this.#chunks.push(bytes);
    this.#size += bytes.length;
  }

  #end(): void {
    const line = Buffer.concat(this.#chunks, this.#size).toString('utf8').trim();
    this.#chunks = [];
    this.#size = 0;
    if (line !== '' && !this.#take(parse(line))) this.#stop();
  }

  #stop(): void {
    this.#listens = false;
    this.#chunks = [];
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
