import { setImmediate } from 'node:timers/promises';
import type { Cost, Entry, PriceRequest, ProtectTags, SpanFacts } from '@farthing/core';
import { findBookedCall } from '../../ledger/index.js';
import type { Store } from '../../store/store.js';
import type { PackedSpans } from './packed-spans.js';
import { OtlpReceiver } from './receive-traces.js';
import { recentEntries } from './recent-entries.js';
import { SpanBooks, type SpanCounts } from './span-books.js';
import { inboxDirectory, SpanInbox } from './span-inbox.js';

export interface TelemetryIngestOptions {
  dataDirectory: string;
  store: Pick<Store, 'call' | 'adjustments'>;
  price: (request: PriceRequest) => Cost;
  priceAs: (provider: string) => string;
  defaults: Readonly<Record<string, string>>;
  protect: ProtectTags;
  /** Resolves when the entries are on stable storage in the journal `otlp`. */
  append: (entries: Entry[]) => Promise<void>;
  /** Books everything that the journals hold, and tells of it by `booked`, before it resolves. */
  bookAll: () => Promise<void>;
  holdMilliseconds: number;
  holdSummariesMilliseconds: number;
  log: { info: (text: string) => void; warn: (facts: object, text: string) => void };
  now?: () => number;
}

/** Counts since the start of the process. */
export interface TelemetryCounts extends SpanCounts {
  rejected: number;
  waiting: number;
}

export interface TelemetryIngest {
  traces(request: Request): Promise<Response>;
  ignore(request: Request, signal: 'metrics' | 'logs'): Promise<Response>;
  /** Tells of entries that the ledger has just booked. */
  booked(entries: readonly Entry[]): void;
  counts(): TelemetryCounts;
  /** Books the calls that wait and closes. Summaries that still wait are settled after the next start. */
  close(): Promise<void>;
}

/** How long spans and entries are remembered, also over a restart. */
const remembered = 3_600_000;
const settleEvery = 200;
const expireEvery = 600_000;
/** Beyond it spans are refused until the journal catches up. */
const mostWaiting = 200_000;

/**
 * Opens the ingestion of telemetry on a data directory. Until a first span comes (now or in the last
 * hour), nothing is read, written or remembered.
 */
export async function openTelemetryIngest(
  options: TelemetryIngestOptions,
): Promise<TelemetryIngest> {
  const ingest = new Ingest(options, options.now ?? Date.now);
  await ingest.recover();
  return ingest;
}

class Ingest implements TelemetryIngest {
  readonly #options: TelemetryIngestOptions;
  readonly #now: () => number;
  readonly #books: SpanBooks;
  readonly #receiver: OtlpReceiver;
  #inbox: Promise<SpanInbox> | null = null;
  #openInbox: SpanInbox | null = null;
  /** Spans on stable storage that are not taken up yet, and how many they are. */
  readonly #arrived: { spans: PackedSpans; at: number }[] = [];
  #arriving = 0;
  #taking: Promise<void> | null = null;
  /** Resolves when what was booked before is known; null while no span has come. */
  #awake: Promise<void> | null = null;
  #settling: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #expired = 0;
  #rejected = 0;
  #failing = false;

  constructor(options: TelemetryIngestOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
    const { price, priceAs, defaults, append, holdMilliseconds, log } = options;
    this.#books = new SpanBooks({
      price,
      priceAs,
      defaults,
      append,
      caughtUp: options.bookAll,
      find: (id) => findBookedCall(options.dataDirectory, options.store, id),
      now,
      holdMilliseconds,
      holdSummariesMilliseconds: options.holdSummariesMilliseconds,
      rememberMilliseconds: remembered,
      onFlaw: (reason) => log.warn({ reason }, 'a span cannot be booked'),
    });
    this.#receiver = new OtlpReceiver({
      store: (spans) => this.#store(spans),
      obstacle: () => this.#obstacle(),
      protect: options.protect,
      now,
      onRejected: (spans) => (this.#rejected += spans),
      onIgnored: (signal) =>
        log.info(`OTLP ${signal} are accepted and not used: costs are read from traces`),
    });
  }

  traces(request: Request): Promise<Response> {
    return this.#receiver.traces(request);
  }

  ignore(request: Request, signal: 'metrics' | 'logs'): Promise<Response> {
    return this.#receiver.ignore(request, signal);
  }

  booked(entries: readonly Entry[]): void {
    if (this.#awake !== null) this.#books.known(entries);
  }

  counts(): TelemetryCounts {
    const waiting = this.#books.waiting + this.#arriving;
    return { ...this.#books.counts, rejected: this.#rejected, waiting };
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    while (this.#taking !== null) await this.#taking;
    if (this.#awake !== null) {
      await this.#settle(true);
    }
    await this.#openInbox?.close();
  }

  /** Takes up what an earlier process received and did not settle. */
  async recover(): Promise<void> {
    const inbox = await this.#openedInbox();
    await inbox.expire(this.#now() - remembered);
    for await (const { spans, at } of inbox.earlier()) {
      if (at < this.#now() - remembered && this.#awake === null) continue;
      await this.#wake();
      for (const part of spans) this.#books.take(part, at);
    }
    if (this.#awake !== null) this.#keepSettling();
  }

  async #store(parts: AsyncIterable<SpanFacts[]>): Promise<boolean> {
    await this.#wake();
    const inbox = await this.#openedInbox();
    const stored = await inbox.store(parts);
    if (stored === null) return false;
    if (stored.length > 0) this.#arrive(stored, this.#now());
    return true;
  }

  /** What is on stable storage is taken up after its answer, between other work. */
  #arrive(parts: readonly PackedSpans[], at: number): void {
    for (const spans of parts) {
      this.#arrived.push({ spans, at });
      this.#arriving += spans.count;
    }
    this.#taking ??= this.#take().finally(() => (this.#taking = null));
  }

  async #take(): Promise<void> {
    this.#keepSettling();
    for (let next = this.#arrived[0]; next !== undefined; next = this.#arrived[0]) {
      this.#books.take(next.spans, next.at);
      this.#arrived.shift();
      this.#arriving -= next.spans.count;
      await setImmediate();
    }
  }

  #obstacle(): string | null {
    const failure = this.#openInbox?.failure;
    if (failure) return `Spans cannot be written: ${failure.message}.`;
    return this.#books.waiting + this.#arriving > mostWaiting
      ? 'Too many spans wait to be booked.'
      : null;
  }

  #openedInbox(): Promise<SpanInbox> {
    this.#inbox ??= SpanInbox.open({
      directory: inboxDirectory(this.#options.dataDirectory),
      now: this.#now,
    }).then((inbox) => (this.#openInbox = inbox));
    return this.#inbox;
  }

  #wake(): Promise<void> {
    this.#awake ??= this.#readRecent();
    return this.#awake;
  }

  /** From here on bookings are listened to, and what was booked lately is read from the journals. */
  async #readRecent(): Promise<void> {
    const since = this.#now() - remembered;
    for await (const entry of recentEntries(this.#options.dataDirectory, since)) {
      if (Date.parse(entry.recorded_at ?? entry.ended_at) >= since) this.#books.known([entry]);
    }
  }

  #keepSettling(): void {
    this.#timer ??= setInterval(() => void this.#settle(false), settleEvery).unref();
  }

  /** One settling at a time. What fails is tried again with the next. */
  #settle(everyCall: boolean): Promise<void> {
    if (!everyCall && this.#failing && this.#books.waiting === 0) this.#failing = false;
    this.#settling = this.#settling.then(async () => {
      try {
        await this.#books.settle(everyCall, this.#arrived[0]?.at);
        this.#failing = false;
        await this.#expire();
      } catch (error) {
        if (!this.#failing) {
          const reason = (error as Error).message;
          this.#options.log.warn({ reason }, 'spans wait: their calls cannot be booked now');
        }
        this.#failing = true;
      }
    });
    return this.#settling;
  }

  async #expire(): Promise<void> {
    const now = this.#now();
    if (now - this.#expired < expireEvery) return;
    this.#expired = now;
    const oldest = this.#books.oldestWaiting ?? now;
    await this.#openInbox?.expire(Math.min(oldest, now - remembered));
  }
}
