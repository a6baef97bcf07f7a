/** Where batches go. `append` is retried with the same bytes after a failure. */
export interface BatchFile {
  append(bytes: Buffer): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface GroupCommitOptions<Line> {
  file: BatchFile;
  /** Turns a line into text without newline. Done for a whole batch at once, which is cheaper than one by one. */
  render: (line: Line) => string;
  /** Longest time a line waits before it is written, and shortest time between two syncs. */
  intervalMilliseconds: number;
  /** Pause before a failed write is tried again. */
  retryMilliseconds: number;
  onWritten: (upTo: number) => void;
  onFailure: (error: Error) => void;
}

/** What a waiter waits for: `settled` is `written`, or the news that the disk fails. */
export type Stage = 'written' | 'durable' | 'settled';

interface Waiter {
  line: number;
  stage: Stage;
  resolve: () => void;
}

/**
 * Collects lines and writes them in batches: one write and one sync for many callers, none of whom
 * is held up. Lines are numbered from 1 in the order in which they were added.
 */
export class GroupCommit<Line> {
  readonly #options: GroupCommitOptions<Line>;
  #pending: Line[] = [];
  /** The batch being written: kept until it is written, so that a failed write is retried whole. */
  #batch: { bytes: Buffer; upTo: number } | null = null;
  #added = 0;
  #written = 0;
  #synced = 0;
  #timer: NodeJS.Timeout | null = null;
  #writing = false;
  #soon = false;
  #syncing: Promise<void> | null = null;
  #lastSync = 0;
  #waiters: Waiter[] = [];
  #failure: Error | null = null;

  constructor(options: GroupCommitOptions<Line>) {
    this.#options = options;
  }

  get failure(): Error | null {
    return this.#failure;
  }

  get backlog(): number {
    return this.#added - this.#written;
  }

  /** `eager`: write in this turn of the event loop rather than with the next batch. */
  add(line: Line, eager = false): number {
    this.#pending.push(line);
    if (eager) this.#writeSoon();
    else this.#schedule(this.#options.intervalMilliseconds);
    return ++this.#added;
  }

  isWritten(line: number): boolean {
    return this.#written >= line;
  }

  /**
   * Resolves when the line has reached the stage. Waiting for a write starts it at once instead of
   * sitting out the batching interval. Except for `settled`, stays pending while the disk fails.
   */
  wait(line: number, stage: Stage): Promise<void> {
    if (this.#hasReached(line, stage)) return Promise.resolve();
    const waited = new Promise<void>((resolve) => this.#waiters.push({ line, stage, resolve }));
    if (!this.#writing && this.#failure === null && this.#written < line) void this.#write();
    return waited;
  }

  /** Writes and syncs everything. Rejects with the disk's error when it will not take it. */
  async close(): Promise<void> {
    while (this.#written < this.#added) {
      if (this.#writing) await this.wait(this.#added, 'settled');
      else await this.#write();
      if (this.#failure !== null) throw this.#failure;
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#syncing;
    await this.#options.file.close();
    this.#synced = this.#written;
    this.#settleWaiters();
  }

  #writeSoon(): void {
    if (this.#writing || this.#failure !== null || this.#soon) return;
    this.#soon = true;
    setImmediate(() => {
      this.#soon = false;
      if (!this.#writing) void this.#write();
    });
  }

  #schedule(milliseconds: number): void {
    if (this.#timer !== null || this.#writing) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (!this.#writing) void this.#write();
    }, milliseconds);
  }

  async #write(): Promise<void> {
    this.#writing = true;
    try {
      do {
        if (this.#batch === null) {
          if (this.#pending.length === 0) break;
          let text = '';
          for (const line of this.#pending) text += `${this.#options.render(line)}\n`;
          this.#batch = { bytes: Buffer.from(text), upTo: this.#added };
          this.#pending = [];
        }
        await this.#options.file.append(this.#batch.bytes);
        this.#written = this.#batch.upTo;
        this.#batch = null;
        this.#failure = null;
        this.#options.onWritten(this.#written);
        this.#settleWaiters();
        this.#sync();
      } while (this.#isAwaited());
    } catch (error) {
      this.#fail(error);
    }
    this.#writing = false;
    if (this.#failure !== null) this.#schedule(this.#options.retryMilliseconds);
    else if (this.#pending.length > 0) this.#schedule(this.#options.intervalMilliseconds);
  }

  /** At most one sync at a time and one per interval; what is written meanwhile waits for the next. */
  #sync(): void {
    if (this.#syncing !== null || this.#synced >= this.#written) return;
    const wait = this.#lastSync + this.#options.intervalMilliseconds - performance.now();
    this.#syncing = this.#syncAfter(wait).finally(() => {
      this.#syncing = null;
      if (this.#failure === null) this.#sync();
    });
  }

  async #syncAfter(wait: number): Promise<void> {
    if (wait > 0) await pause(wait);
    const upTo = this.#written;
    try {
      await this.#options.file.sync();
      this.#lastSync = performance.now();
      this.#synced = Math.max(this.#synced, upTo);
      this.#settleWaiters();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const first = this.#failure === null;
    this.#failure = error instanceof Error ? error : new Error(String(error));
    if (first) this.#options.onFailure(this.#failure);
    this.#settleWaiters();
  }

  /** Whether somebody waits for lines that came in during the last write. One more write may serve many. */
  #isAwaited(): boolean {
    return this.#waiters.some((waiter) => waiter.stage !== 'durable');
  }

  #hasReached(line: number, stage: Stage): boolean {
    if (stage === 'durable') return this.#synced >= line;
    return this.#written >= line || (stage === 'settled' && this.#failure !== null);
  }

  #settleWaiters(): void {
    if (this.#waiters.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => {
      if (!this.#hasReached(waiter.line, waiter.stage)) return true;
      waiter.resolve();
      return false;
    });
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
