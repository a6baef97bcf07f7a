import { FarthingError, type Entry } from '@farthing/core';
import { backgroundTimer, environment, sayOnce } from '../platform.js';
import { atExit } from './at-exit.js';
import { noCounts, type Sink } from './sink.js';
import { openSpool, type Spool, type SpooledFile } from './spool.js';

export interface RemoteSinkOptions {
  /** The control plane, e.g. `http://127.0.0.1:4142`. Default: FARTHING_URL. */
  url?: string | undefined;
  /** Its token, where it asks for one. Default: FARTHING_TOKEN. */
  token?: string | undefined;
  /** Entries of a request at most. Default 100. */
  batchEntries?: number | undefined;
  /** The longest that an entry waits for its batch. Default 5,000. */
  batchMilliseconds?: number | undefined;
  /** Entries that wait in memory at most; what comes beyond goes to the spool, or is dropped and counted. Default 10,000. */
  memoryEntries?: number | undefined;
  /**
   * A directory for entries that cannot be sent: they are sent when the control plane is back, by this
   * process or the next one. Needs a runtime with files. Default: none.
   */
  spool?: string | undefined;
  /** Bytes that the spool takes at most. Default 256 MB. */
  spoolBytes?: number | undefined;
  /** How long a request may take. Default 10,000. */
  timeoutMilliseconds?: number | undefined;
  /** Whether what waits is sent when the process ends, also by SIGTERM. Default true. */
  flushOnExit?: boolean | undefined;
  /** For tests: another way to the control plane. */
  fetch?: typeof fetch | undefined;
}

const path = '/api/v1/entries';
/** Between tries: doubling from the first to the last, each shortened by chance so that many do not come at once. */
const firstPause = 500;
const longestPause = 60_000;

/**
 * Sends entries to the control plane in batches. A call never waits for it. Each entry has an id, by
 * which the control plane books it once, however often it is sent.
 */
export function remoteSink(options: RemoteSinkOptions = {}): Sink {
  return new RemoteSink(options);
}

/** What became of entries that were sent. */
interface Delivery {
  delivered: number;
  /** That will never be taken, and why. */
  refused: number;
  reason: string | null;
}

class RemoteSink implements Sink {
  readonly name = 'remote';
  readonly inBatches = true;
  readonly report = noCounts();
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #fetch: typeof fetch;
  readonly #batch: { entries: number; milliseconds: number };
  readonly #memoryEntries: number;
  readonly #timeout: number;
  readonly #spool: Spool | null;
  readonly #leave: () => void;
  /** Entries that wait, oldest first. Those under way are still among them. */
  #waiting: Entry[] = [];
  /** How many of them are being sent: the first ones. */
  #underWay = 0;
  /** Entries of this process that lie in the spool. */
  #spooled = 0;
  #timer: { clear(): void } | null = null;
  #sending: Promise<void> | null = null;
  #failures = 0;
  #isClosed = false;

  constructor(options: RemoteSinkOptions) {
    const url = options.url ?? environment('FARTHING_URL');
    const { batchEntries = 100, batchMilliseconds = 5_000, memoryEntries = 10_000 } = options;
    this.#url = addressOf(url);
    const token = options.token ?? environment('FARTHING_TOKEN');
    this.#headers = {
      'content-type': 'application/x-ndjson',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    // Looked up with each request: tests and instrumentation replace the global one.
    this.#fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#batch = { entries: batchEntries, milliseconds: batchMilliseconds };
    this.#memoryEntries = Math.max(memoryEntries, batchEntries);
    this.#timeout = options.timeoutMilliseconds ?? 10_000;
    this.#spool = openSpool(options.spool, options.spoolBytes ?? 256 * 1024 * 1024);
    this.#leave =
      options.flushOnExit === false
        ? () => {}
        : atExit({ flush: () => this.flush(), lastResort: () => this.#spoolNow() });
    if (this.#spool !== null) this.#schedule(this.#batch.milliseconds);
  }

  write(entry: Entry): void {
    this.report.written++;
    if (this.#isClosed) return this.#drop(1, 'the sink is closed');
    if (this.#isFull) this.#relieve();
    if (this.#isFull) {
      return this.#drop(1, `${this.#memoryEntries} entries wait already`);
    }
    this.#waiting.push(entry);
    if (this.#failures > 0) return;
    if (this.#waiting.length >= this.#batch.entries) void this.#send();
    else this.#schedule(this.#batch.milliseconds);
  }

  async flush(): Promise<void> {
    await this.#sending;
    await this.#send();
    if (this.#waiting.length > 0 && this.#spool !== null) await this.#spoolAll();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#leave();
    await this.flush();
    this.#timer?.clear();
    if (this.#waiting.length > 0) {
      const left = this.#waiting.splice(0);
      this.#drop(left.length, this.report.failure ?? 'the sink is closed');
    }
  }

  /** Besides the batch that is being sent. */
  get #isFull(): boolean {
    return this.#waiting.length - this.#underWay >= this.#memoryEntries;
  }

  #drop(entries: number, reason: string): void {
    this.report.dropped += entries;
    this.report.failure = reason;
    sayOnce(
      `the remote sink to ${this.#url} has dropped entries. Its report() counts them and says why.`,
    );
  }

  /** Entries do not get through: why, for whoever asks, and once aloud. */
  #fail(reason: string): void {
    this.report.failure = reason;
    sayOnce(`${reason} Entries wait for another try.`);
  }

  #schedule(milliseconds: number): void {
    this.#timer ??= backgroundTimer(() => {
      this.#timer = null;
      void this.#send();
    }, milliseconds);
  }

  /** Sends what waits, batch by batch, and what is spooled; stops at the first failure. One at a time. */
  #send(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    this.#timer?.clear();
    this.#timer = null;
    // What comes meanwhile goes with the next round: a busy application must not keep this one up.
    for (let left = this.#waiting.length; left > 0;) {
      const batch = this.#waiting.slice(0, Math.min(left, this.#batch.entries));
      this.#underWay = batch.length;
      const counts: Delivery = { delivered: 0, refused: 0, reason: null };
      const done = await this.#deliver(batch, counts);
      this.#underWay = 0;
      this.#waiting.splice(0, done);
      this.#count(counts);
      if (done < batch.length) return this.#retryLater();
      // What waited behind them may have gone to the spool meanwhile.
      left = Math.min(left - done, this.#waiting.length);
    }
    for (let file = await this.#spool?.next(); file != null; file = await this.#spool?.next()) {
      if (!(await this.#deliverFile(file))) return this.#retryLater();
    }
    this.#failures = 0;
    const isBatch = this.#waiting.length >= this.#batch.entries;
    if (this.#waiting.length > 0) this.#schedule(isBatch ? 0 : this.#batch.milliseconds);
  }

  #retryLater(): void {
    const pause = Math.min(firstPause * 2 ** this.#failures, longestPause);
    this.#failures = Math.min(this.#failures + 1, 20);
    this.#schedule(pause * (0.5 + Math.random() / 2));
  }

  /** How many entries, from the first, need not be sent again: they are there, or will never be taken. */
  async #deliver(entries: readonly Entry[], counts: Delivery): Promise<number> {
    if (entries.length === 0) return 0;
    const answer = await this.#post(entries);
    if (answer === 'taken') {
      counts.delivered += entries.length;
      this.report.failure = null;
      return entries.length;
    }
    if (answer === 'unavailable') return 0;
    if (entries.length === 1) {
      counts.refused++;
      counts.reason = this.report.failure;
      return 1;
    }
    // Nothing is taken unless every entry is right: the halves are sent, to find the one that is not.
    const middle = entries.length >> 1;
    const done = await this.#deliver(entries.slice(0, middle), counts);
    return done < middle ? done : done + (await this.#deliver(entries.slice(middle), counts));
  }

  /** Sends a file of the spool and removes it. False where all of it is to be sent again. */
  async #deliverFile({ lines, remove }: SpooledFile): Promise<boolean> {
    const entries = lines.map((line) => JSON.parse(line) as Entry);
    const counts: Delivery = { delivered: 0, refused: 0, reason: null };
    if ((await this.#deliver(entries, counts)) < entries.length) return false;
    const problem = await remove();
    if (problem !== null) {
      this.#fail(problem);
      return false;
    }
    this.#count(counts);
    // What an earlier process left is counted as given to this one.
    const own = Math.min(this.#spooled, entries.length);
    this.#spooled -= own;
    this.report.written += entries.length - own;
    return true;
  }

  #count({ delivered, refused, reason }: Delivery): void {
    this.report.delivered += delivered;
    if (refused > 0) this.#drop(refused, reason ?? 'the control plane refuses the entry');
  }

  async #post(entries: readonly Entry[]): Promise<'taken' | 'refused' | 'unavailable'> {
    let text = '';
    for (const entry of entries) text += `${JSON.stringify(entry)}\n`;
    try {
      const { body, encoding } = await compressed(text);
      const response = await this.#fetch(this.#url, {
        method: 'POST',
        headers: { ...this.#headers, ...encoding },
        body,
        signal: AbortSignal.timeout(this.#timeout),
      });
      const answer = await response.text();
      if (response.ok) return 'taken';
      const reason = `the control plane answered ${response.status}: ${answer.slice(0, 300)}`;
      if (response.status === 400 || response.status === 413) {
        this.report.failure = reason;
        return 'refused';
      }
      this.#fail(reason);
      return 'unavailable';
    } catch (error) {
      this.#fail(`the control plane at ${this.#url} cannot be reached: ${messageOf(error)}.`);
      return 'unavailable';
    }
  }

  /** Memory is full: what is not being sent goes to the spool. */
  #relieve(): void {
    if (this.#spool !== null) void this.#spoolAll();
  }

  async #spoolAll(): Promise<void> {
    const entries = this.#waiting.splice(this.#underWay);
    if (entries.length === 0) return;
    this.#spooled += entries.length;
    const { kept, problem } = await this.#spool!.put(entries.map((entry) => JSON.stringify(entry)));
    if (problem === null) return;
    this.#spooled -= entries.length - kept;
    this.#drop(entries.length - kept, problem);
  }

  /** The process ends now: what can still be kept is kept. */
  #spoolNow(): void {
    const entries = this.#waiting.splice(0);
    if (entries.length === 0 || this.#spool === null) return;
    const { kept, problem } = this.#spool.putNow(entries.map((entry) => JSON.stringify(entry)));
    if (problem !== null) this.#drop(entries.length - kept, problem);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function addressOf(url: string | undefined): string {
  try {
    return new URL(path, url).href;
  } catch {
    throw new FarthingError(
      'remote_invalid',
      '`url` of the remote sink (or FARTHING_URL) must be the address of a Farthing control plane, e.g. http://127.0.0.1:4142.',
    );
  }
}

async function compressed(
  text: string,
): Promise<{ body: string | ArrayBuffer; encoding: Record<string, string> }> {
  if (typeof CompressionStream === 'undefined') return { body: text, encoding: {} };
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  const body = await new Response(stream).arrayBuffer();
  return { body, encoding: { 'content-encoding': 'gzip' } };
}
