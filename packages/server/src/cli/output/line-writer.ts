import type { Writable } from 'node:stream';

/** Text is collected into writes of about this many characters. */
const writeSize = 64 * 1024;

/** Writes many small lines at the reader's pace, and notices when the reader has gone (`| head`). */
export class LineWriter {
  readonly #output: Writable;
  #pending = '';
  #failure: NodeJS.ErrnoException | undefined;

  constructor(output: Writable) {
    this.#output = output;
    output.on('error', (error: NodeJS.ErrnoException) => (this.#failure = error));
  }

  /** True once the other end of the pipe was closed: there is nobody left to write for. */
  get readerLeft(): boolean {
    return this.#failure?.code === 'EPIPE';
  }

  /** Resolves when more may be written. Rejects when writing failed otherwise than by a closed pipe. */
  async write(line: string): Promise<void> {
    this.#pending += line;
    if (this.#pending.length >= writeSize) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    if (text !== '' && this.#failure === undefined && !this.#output.write(text)) {
      await this.#drained();
    }
    if (this.#failure !== undefined && !this.readerLeft) throw this.#failure;
  }

  #drained(): Promise<void> {
    const output = this.#output;
    return new Promise((resolve) => {
      const done = () => {
        for (const event of ['drain', 'close', 'error']) output.off(event, done);
        resolve();
      };
      for (const event of ['drain', 'close', 'error']) output.on(event, done);
    });
  }
}
