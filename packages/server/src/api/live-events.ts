import type { CallRow, Incident, LiveEvent } from '@farthing/core';

export interface LiveEventsOptions {
  /** Calls booked within this time travel in one message. Default 250 ms. */
  batchMilliseconds?: number;
  /** Default 15 s. */
  heartbeatMilliseconds?: number;
  /** Most rows in one message; the rest is counted in `omitted`. Default 100. */
  rowsPerEvent?: number;
  /** A subscriber with more unread bytes than this is dropped. Default 1 MiB. */
  unreadBytes?: number;
  /** Default 256. */
  subscribers?: number;
  now?: () => Date;
}

interface Subscriber {
  matches: (row: CallRow) => boolean;
  rows: CallRow[];
  omitted: number;
  controller: ReadableStreamDefaultController<Uint8Array>;
  disconnect: (() => void) | undefined;
}

/**
 * Tells subscribers what has just been booked, as server-sent events.
 *
 * Memory is bounded whatever happens: a subscriber holds at most `rowsPerEvent` rows while a batch
 * collects and at most `unreadBytes` of unread messages; one that reads slower than calls arrive is
 * dropped, and an EventSource reconnects by itself. With nobody listening nothing is kept at all.
 */
export class LiveEvents {
  readonly #batchMilliseconds: number;
  readonly #heartbeatMilliseconds: number;
  readonly #rowsPerEvent: number;
  readonly #unreadBytes: number;
  readonly #maxSubscribers: number;
  readonly #now: () => Date;
  readonly #subscribers = new Set<Subscriber>();
  readonly #encoder = new TextEncoder();
  #batchTimer: NodeJS.Timeout | null = null;
  #heartbeatTimer: NodeJS.Timeout | null = null;

  constructor(options: LiveEventsOptions = {}) {
    this.#batchMilliseconds = options.batchMilliseconds ?? 250;
    this.#heartbeatMilliseconds = options.heartbeatMilliseconds ?? 15_000;
    this.#rowsPerEvent = options.rowsPerEvent ?? 100;
    this.#unreadBytes = options.unreadBytes ?? 1024 * 1024;
    this.#maxSubscribers = options.subscribers ?? 256;
    this.#now = options.now ?? (() => new Date());
  }

  get subscriberCount(): number {
    return this.#subscribers.size;
  }

  get isFull(): boolean {
    return this.#subscribers.size >= this.#maxSubscribers;
  }

  /** Announces calls that the store has booked, in booking order. Never blocks and never throws. */
  publish(rows: readonly CallRow[]): void {
    if (this.#subscribers.size === 0 || rows.length === 0) return;
    for (const subscriber of this.#subscribers) this.#collect(subscriber, rows);
    this.#batchTimer ??= setTimeout(() => {
      this.#batchTimer = null;
      this.#sendBatches();
    }, this.#batchMilliseconds);
  }

  /** Announces an incident at once to all, whatever calls they asked for. Never blocks and never throws. */
  tell(incident: Incident): void {
    for (const subscriber of this.#subscribers)
      this.#send(subscriber, { type: 'incident', incident });
  }

  /**
   * A stream of server-sent events, beginning with a heartbeat. Cancel it to unsubscribe.
   * `disconnect` cuts the subscriber's connection when it reads too slowly; without it the stream
   * ends with an error instead.
   */
  subscribe(
    matches: (row: CallRow) => boolean = () => true,
    disconnect?: () => void,
  ): ReadableStream<Uint8Array> {
    let subscriber: Subscriber;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          subscriber = { matches, rows: [], omitted: 0, controller, disconnect };
          this.#subscribers.add(subscriber);
          this.#startHeartbeat();
          this.#send(subscriber, { type: 'heartbeat', now: this.#now().toISOString() });
        },
        cancel: () => this.#remove(subscriber),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: this.#unreadBytes }),
    );
  }

  /** Ends every stream: the process is stopping. */
  close(): void {
    if (this.#batchTimer !== null) clearTimeout(this.#batchTimer);
    this.#batchTimer = null;
    this.#sendBatches();
    for (const subscriber of this.#subscribers) {
      this.#remove(subscriber);
      subscriber.controller.close();
    }
  }

  /** Keeps the latest rows of a burst: a live view shows what happens now. */
  #collect(subscriber: Subscriber, rows: readonly CallRow[]): void {
    for (const row of rows) {
      if (!subscriber.matches(row)) continue;
      subscriber.rows.push(row);
      if (subscriber.rows.length < 2 * this.#rowsPerEvent) continue;
      subscriber.omitted += this.#rowsPerEvent;
      subscriber.rows = subscriber.rows.slice(this.#rowsPerEvent);
    }
  }

  #sendBatches(): void {
    for (const subscriber of this.#subscribers) {
      if (subscriber.rows.length === 0) continue;
      const calls = subscriber.rows.slice(-this.#rowsPerEvent);
      const omitted = subscriber.omitted + subscriber.rows.length - calls.length;
      subscriber.rows = [];
      subscriber.omitted = 0;
      this.#send(subscriber, { type: 'calls', calls, omitted });
    }
  }

  #send(subscriber: Subscriber, event: LiveEvent): void {
    try {
      subscriber.controller.enqueue(
        this.#encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
      );
    } catch {
      this.#remove(subscriber);
      return;
    }
    if ((subscriber.controller.desiredSize ?? 0) < 0) this.#drop(subscriber);
  }

  /** An orderly end would wait until all is read; this frees what the subscriber has not read. */
  #drop(subscriber: Subscriber): void {
    this.#remove(subscriber);
    if (subscriber.disconnect !== undefined) subscriber.disconnect();
    else subscriber.controller.error(new Error('The subscriber reads too slowly.'));
  }

  #remove(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size > 0 || this.#heartbeatTimer === null) return;
    clearInterval(this.#heartbeatTimer);
    this.#heartbeatTimer = null;
  }

  #startHeartbeat(): void {
    if (this.#heartbeatTimer !== null) return;
    this.#heartbeatTimer = setInterval(() => {
      const event: LiveEvent = { type: 'heartbeat', now: this.#now().toISOString() };
      for (const subscriber of this.#subscribers) this.#send(subscriber, event);
    }, this.#heartbeatMilliseconds);
    this.#heartbeatTimer.unref();
  }
}
