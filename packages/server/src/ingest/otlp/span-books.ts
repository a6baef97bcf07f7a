import {
  CallGraph,
  spanEntry,
  type Beaten,
  type CallRecord,
  type Cost,
  type Entry,
  type PriceRequest,
  type SpanCall,
  type SpanFacts,
} from '@farthing/core';
import { checkEntry, type BookedCall } from '../../ledger/index.js';
import type { PackedSpans } from './packed-spans.js';
import { spanEntryId } from './span-entry-id.js';
import { duplicatesSource, voidDuplicate } from './void-duplicate.js';

export interface SpanBooksOptions {
  price: (request: PriceRequest) => Cost;
  priceAs: (provider: string) => string;
  /** Tags of calls that do not set them. */
  defaults: Readonly<Record<string, string>>;
  /** Resolves when the entries are on stable storage in the journal. */
  append: (entries: Entry[]) => Promise<void>;
  /** A call as the books have it; null while it is not booked. */
  find: (id: string) => Promise<BookedCall | null>;
  /** Resolves when what others have journalled by now is known here. Default: it is. */
  caughtUp?: () => Promise<void>;
  now: () => number;
  /** How long a call waits for what shows that it is booked elsewhere. */
  holdMilliseconds: number;
  /** How long a summary waits for a call that it may be the summary of. */
  holdSummariesMilliseconds: number;
  /** How long a trace is remembered after its last span. Default: one hour. */
  rememberMilliseconds?: number;
  /** Spans remembered at most. Default 400,000. */
  mostSpans?: number;
  /** Entries of gateway, SDKs and imports remembered at most. Default 100,000. */
  mostKnown?: number;
  onFlaw?: (reason: string) => void;
}

/** What became of the spans that were received. */
export interface SpanCounts {
  /** Spans that are no call by themselves. */
  structure: number;
  booked: number;
  /** Calls that were booked elsewhere. */
  duplicate: number;
  /** Booked calls that were taken back. */
  voided: number;
}

interface Waiting {
  record: CallRecord;
  since: number;
  /** Where the facts for its entry lie. */
  packed: PackedSpans;
  index: number;
}

/** A trace that was heard of. */
interface Touched {
  at: number;
  /** Ids of the entries that are booked for its spans. */
  entries: string[] | null;
}

/** Few enough that what is made for them is gone before it gets old in the heap. */
const batchEntries = 250;

/**
 * Books the calls that spans tell of, each once. A call waits a little, a summary of calls longer; what
 * then still stands is booked. Should it come out later that it was booked elsewhere, an adjusting entry
 * takes it back. So the order in which spans and entries arrive changes at most how they are booked,
 * not what the books add up to.
 */
export class SpanBooks {
  readonly #options: SpanBooksOptions;
  readonly #graph = new CallGraph((record, beaten) => this.#beaten(record, beaten));
  #calls: Waiting[] = [];
  #summaries: Waiting[] = [];
  /** Some that wait are known to be booked elsewhere by now. */
  #someBeaten = false;
  /** Ids of entries that are booked for spans. */
  readonly #booked = new Set<string>();
  readonly #voided = new Set<string>();
  readonly #toVoid = new Map<string, Beaten>();
  /** When each trace was last heard of, and the entries booked for it; least recent first. */
  readonly #traces = new Map<string, Touched>();
  readonly counts: SpanCounts = { structure: 0, booked: 0, duplicate: 0, voided: 0 };

  constructor(options: SpanBooksOptions) {
    this.#options = options;
  }

  /** Calls that wait to be booked. */
  get waiting(): number {
    return this.#calls.length + this.#summaries.length;
  }

  /** Takes spans that are on stable storage; `at` is when they came, in milliseconds since 1970. */
  take(spans: PackedSpans, at: number): void {
    for (const [index, facts] of spans.unpack().entries()) {
      this.#touch(facts.trace, at);
      const record = this.#graph.add(facts);
      if (record === null) {
        if (facts.call === undefined) this.counts.structure++;
        continue;
      }
      if (this.#booked.has(idOf(record))) continue;
      const waiting = { record, since: at, packed: spans, index };
      (record.role === 'summary' ? this.#summaries : this.#calls).push(waiting);
    }
  }

  /** Takes entries that are booked: those of spans as done, all others as calls known from elsewhere. */
  known(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const id = entry.id.toLowerCase();
      if (entry.source === duplicatesSource) {
        if (entry.adjusts?.entry != null) this.#voided.add(entry.adjusts.entry.toLowerCase());
      } else if (entry.kind !== 'call' || entry.outcome === 'unmetered') continue;
      else if (entry.span !== undefined && entry.source.startsWith('otlp:')) {
        this.#remember(entry.span.trace, id);
      } else this.#graph.addKnown(entry);
    }
    this.#graph.forgetKnown(this.#options.mostKnown ?? 100_000);
  }

  /**
   * Books what has waited long enough, and takes back what turned out to be booked twice. Rejects when
   * the journal does not take it; nothing is lost then, and the next settling tries again.
   *
   * @param everyCall books all calls that wait, however long they have. Summaries keep waiting.
   * @param before books only what came before this time: later ones are still being taken
   */
  async settle(everyCall = false, before = Number.POSITIVE_INFINITY): Promise<void> {
    const { now, holdMilliseconds, holdSummariesMilliseconds, caughtUp } = this.#options;
    const at = now();
    const calls = Math.min(before - 1, everyCall ? before : at - holdMilliseconds);
    const summaries = Math.min(before - 1, at - holdSummariesMilliseconds);
    if (isDue(this.#calls, calls) || isDue(this.#summaries, summaries)) {
      // Where a journal cannot be read now, calls do not wait for it: duplicates are taken back later.
      await caughtUp?.().catch(() => undefined);
    }
    this.#dropBeaten();
    const due = [...takeDue(this.#calls, calls), ...takeDue(this.#summaries, summaries)];
    for (let start = 0; start < due.length; start += batchEntries) {
      try {
        await this.#book(due.slice(start, start + batchEntries));
      } catch (error) {
        for (const waiting of due.slice(start).toReversed()) {
          (waiting.record.role === 'summary' ? this.#summaries : this.#calls).unshift(waiting);
        }
        throw error;
      }
    }
    await this.#voidDuplicates();
    this.#forget(at);
  }

  /** The oldest arrival that is not settled, in milliseconds since 1970; null when all are. */
  get oldestWaiting(): number | null {
    const times = [this.#calls[0]?.since, this.#summaries[0]?.since];
    const found = times.filter((time) => time !== undefined);
    return found.length === 0 ? null : Math.min(...found);
  }

  async #book(due: readonly Waiting[]): Promise<void> {
    const entries = new Map<string, { entry: Entry; record: CallRecord }>();
    let opened: PackedSpans | undefined;
    let spans: SpanFacts[] = [];
    for (const { record, packed, index } of due) {
      const id = idOf(record);
      const beaten = this.#graph.beaten(record);
      if (beaten !== null || this.#booked.has(id)) {
        this.counts.duplicate++;
        continue;
      }
      if (opened !== packed) spans = packed.unpack();
      opened = packed;
      const entry = this.#entryOf(spans[index]!, id);
      const flaw = checkEntry(entry);
      if (flaw === null) entries.set(id, { entry, record });
      else this.#options.onFlaw?.(`span ${record.key}: ${flaw}`);
    }
    if (entries.size === 0) return;
    await this.#options.append([...entries.values()].map(({ entry }) => entry));
    for (const [id, { record }] of entries) {
      this.counts.booked++;
      this.#remember(record.trace!, id);
      // It may have come out while the journal was written.
      const beaten = this.#graph.beaten(record);
      if (beaten !== null) this.#beaten(record, beaten);
    }
  }

  #entryOf(span: SpanFacts, id: string): Entry {
    const facts = span as SpanFacts & { call: SpanCall };
    const { price, priceAs, defaults } = this.#options;
    return spanEntry(facts, this.#graph.above(facts), { id, price, priceAs, defaults });
  }

  /** There is nothing to wait for where it is known already. */
  #dropBeaten(): void {
    if (!this.#someBeaten) return;
    this.#someBeaten = false;
    const before = this.waiting;
    const stands = ({ record }: Waiting) => this.#graph.beaten(record) === null;
    this.#calls = this.#calls.filter(stands);
    this.#summaries = this.#summaries.filter(stands);
    this.counts.duplicate += before - this.waiting;
  }

  #beaten(record: CallRecord, beaten: Beaten): void {
    this.#someBeaten = true;
    // Another version of the span is booked under the same id: what is booked stays.
    if (record.known || beaten.sameness === 'span id') return;
    const id = idOf(record);
    if (this.#booked.has(id) && !this.#voided.has(id)) this.#toVoid.set(id, beaten);
  }

  async #voidDuplicates(): Promise<void> {
    for (const [id, beaten] of this.#toVoid) {
      if (this.#voided.has(id)) {
        this.#toVoid.delete(id);
        continue;
      }
      const found = await this.#options.find(id);
      // The ledger has not come to it yet.
      if (found === null) continue;
      const recordedAt = new Date(this.#options.now()).toISOString();
      const adjusting = voidDuplicate(found, beaten, recordedAt);
      if (adjusting !== null) await this.#options.append([adjusting]);
      this.#toVoid.delete(id);
      this.#voided.add(id);
      this.counts.voided++;
    }
  }

  #touch(trace: string, at: number): void {
    const known = this.#traces.get(trace);
    if (known !== undefined) this.#traces.delete(trace);
    this.#traces.set(trace, { at, entries: known?.entries ?? null });
  }

  #remember(trace: string, id: string): void {
    if (this.#booked.has(id)) return;
    this.#booked.add(id);
    const known = this.#traces.get(trace);
    if (known === undefined) {
      this.#traces.set(trace, { at: this.#options.now(), entries: [id] });
    } else if (known.entries === null) known.entries = [id];
    else known.entries.push(id);
  }

  /** Forgets traces that have been silent for long, and beyond the limit the most silent ones. */
  #forget(at: number): void {
    const { rememberMilliseconds = 3_600_000, mostSpans = 400_000 } = this.#options;
    for (const [trace, { at: touched, entries }] of this.#traces) {
      const tooMany = this.#graph.spans > mostSpans && this.waiting < mostSpans / 2;
      if (touched > at - rememberMilliseconds && !tooMany) return;
      if (touched > (this.oldestWaiting ?? at)) return;
      this.#graph.forgetTrace(trace);
      this.#traces.delete(trace);
      for (const id of entries ?? []) {
        this.#booked.delete(id);
        this.#voided.delete(id);
        this.#toVoid.delete(id);
      }
    }
  }
}

function idOf(record: CallRecord): string {
  return spanEntryId(record.trace!, record.span!);
}

function isDue(queue: readonly Waiting[], before: number): boolean {
  return queue[0] !== undefined && queue[0].since <= before;
}

/** Takes those from the front that came at or before this time. */
function takeDue(queue: Waiting[], before: number): Waiting[] {
  let count = 0;
  while (count < queue.length && queue[count]!.since <= before) count++;
  return queue.splice(0, count);
}
