import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Encoding } from '@farthing/core';
import { countTexts, loadEncoding, type TextCount } from './count-texts.js';
import type { TokenizerTask } from './tokenizer-worker.js';

export interface TokenizerThreadOptions {
  /** How long one count may take, in milliseconds. Default 5,000. */
  deadline?: number;
  /** After so long without work the thread ends, and its 60 MB are free. Default 60,000. */
  idle?: number;
  /** The thread's program. Default: the built one. */
  program?: URL;
}

/** Counts that may wait for their turn; further ones are not made. */
const longestQueue = 64;

/**
 * Counts tokens in a thread of its own, so that neither calls nor the API wait for a long text. The
 * thread starts with the first count, holds up no exit, and is ended when it takes longer than the
 * deadline: then there is no count, and the next one gets a new thread.
 *
 * Run from sources there is no program for a thread, and texts are counted in place.
 */
export class TokenizerThread {
  readonly #deadline: number;
  readonly #idle: number;
  readonly #program: URL;
  #worker: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #idling: NodeJS.Timeout | undefined;

  constructor(options: TokenizerThreadOptions = {}) {
    this.#deadline = options.deadline ?? 5_000;
    this.#idle = options.idle ?? 60_000;
    this.#program = options.program ?? new URL('tokenizer-worker.js', import.meta.url);
  }

  /** The tokens of the texts; null where the deadline passed or the thread failed. Never rejects. */
  async count(texts: readonly string[], encoding: Encoding): Promise<TextCount | null> {
    if (texts.length === 0) return { tokens: 0, isSampled: false };
    if (!existsSync(fileURLToPath(this.#program))) {
      return countTexts(texts, await loadEncoding(encoding));
    }
    if (this.#waiting >= longestQueue) return null;
    this.#waiting += 1;
    const turn = this.#last.then(() => this.#run({ texts, encoding }));
    this.#last = turn;
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idling);
    await this.#end();
  }

  #run(task: TokenizerTask): Promise<TextCount | null> {
    clearTimeout(this.#idling);
    const worker = (this.#worker ??= new Worker(this.#program));
    return new Promise((resolve) => {
      const settle = (count: TextCount | null) => {
        clearTimeout(timer);
        worker.off('message', settle).off('error', failed).off('exit', failed);
        worker.unref();
        if (count === null) void this.#end();
        else this.#idling = setTimeout(() => void this.#end(), this.#idle).unref();
        resolve(count);
      };
      const failed = () => settle(null);
      const timer = setTimeout(failed, this.#deadline);
      worker.ref();
      worker.on('message', settle).on('error', failed).on('exit', failed);
      // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage(task);
    });
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    // Whatever goes wrong in a thread that is not waited for any more is nobody's concern.
    worker?.on('error', () => {});
    await worker?.terminate();
  }
}
