import {
  closeEntry,
  estimatedReading,
  readingOfCutAnswer,
  readUsage,
  type CallContext,
  type Ending,
  type Entry,
  type OpenedLine,
  type ReadAnswer,
  type Tags,
  type UsageReading,
} from '@farthing/core';
import type { OpenRun } from '../context/runs.js';
import type { Admitted } from './admitted.js';
import { finished, type Learned } from './learned.js';
import type { Departure, Meter } from './meter.js';
import type { Changeable } from './outgoing-request.js';
import { noFacts, readRequestFacts, setsPrice, type RequestFacts } from './request-facts.js';

/** What holds where the call is made. */
export interface Place {
  /** Tags of the scope. */
  tags: Tags;
  /** The run that the call belongs to. */
  run: OpenRun | null;
  /** The trace that the code runs in, where it is traced. */
  trace: string | undefined;
}

type CallOutcome = 'ok' | 'error' | 'aborted' | 'interrupted';

/**
 * One attempt at a call from its departure to its booking: exactly one entry, however it ends. On the
 * call's own way only what cannot be known later is kept: when, where, and how it ended.
 */
export class MeteredCall {
  readonly departure: Departure;
  readonly place: Place;
  /** Milliseconds since the epoch. */
  readonly at = Date.now();
  /** Null until budgets were asked, or the call is booked. */
  admitted: Admitted | null = null;
  readonly #meter: Meter;
  readonly #began = performance.now();
  #facts: RequestFacts | null;
  #status: number | null = null;
  #firstByte: number | null = null;
  #isAnsweredInParts = false;
  #outcome: CallOutcome | null = null;
  #errorType: string | null = null;
  #learned: Learned | null = null;
  #answer: ReadAnswer | null = null;
  #duration = 0;

  constructor(meter: Meter, departure: Departure, place: Place) {
    this.#meter = meter;
    this.departure = departure;
    this.place = place;
    this.#facts = departure.facts;
  }

  get isEnded(): boolean {
    return this.#outcome !== null;
  }

  /** How much is kept of the call until it is booked, in characters. */
  get size(): number {
    const learned = this.#learned;
    const ofAnswer = learned !== null && 'finish' in learned ? (learned.size ?? 0) : 0;
    return ofAnswer + (this.departure.body?.length ?? 0);
  }

  /** What the request says of itself; read when it is first asked for. */
  get facts(): RequestFacts {
    const { body, endpoint } = this.departure;
    return (this.#facts ??= body === null ? noFacts : readRequestFacts(body, endpoint.api));
  }

  /** What sets the price beside the usage. */
  get context(): CallContext | undefined {
    const { context, api } = this.departure.endpoint;
    if (!setsPrice(api)) return context;
    const { priced } = this.facts;
    return priced === undefined ? context : { ...context, request: priced };
  }

  /** What an answer's reader has to know. */
  get tapped(): { provider: string; api: string; context?: CallContext } {
    const { priceAs: provider, api } = this.departure.endpoint;
    const { context } = this;
    return context === undefined ? { provider, api } : { provider, api, context };
  }

  /** The head of the answer is there. Resolves, mostly at once, when the call is on record. */
  answered(status: number, streams: boolean): Promise<void> | null {
    this.#status = status;
    this.#firstByte = performance.now() - this.#began;
    this.#isAnsweredInParts = streams;
    // Who sees an answer can rely on the call being on record, whatever happens to the process.
    const opening = this.admitted?.opening ?? null;
    return opening === null || opening.isRecorded ? null : opening.recorded();
  }

  /** The answer was delivered whole. */
  ended(learned: Learned | null): void {
    this.#end('ok', null, learned);
  }

  /** The caller left before the answer was complete. */
  aborted(learned: Learned | null): void {
    this.#end('aborted', null, learned);
  }

  /** The provider could not be reached, or its answer broke off. */
  failed(error: unknown, learned: Learned | null): void {
    this.#end(this.#status === null ? 'error' : 'interrupted', codeOf(error), learned);
  }

  /** Another meter has booked this call (a Farthing gateway answered): nothing is booked here. */
  bookedElsewhere(): void {
    if (this.#outcome !== null) return;
    this.#outcome = 'aborted';
    // Who was not told of the call has nothing to take back.
    if (this.admitted === null) return;
    this.#meter.withdraw(this.#entry(this.admitted, 'aborted', true), this.admitted);
  }

  #end(outcome: CallOutcome, errorType: string | null, learned: Learned | null): void {
    if (this.#outcome !== null) return;
    this.#outcome = outcome;
    this.#errorType = errorType;
    this.#learned = learned;
    this.#duration = performance.now() - this.#began;
    // That it could be changed is all that is of interest from here on, not what it was sent with.
    if (this.departure.changeable !== undefined) this.departure.changeable = sent;
    this.#meter.ended(this);
  }

  /** The entry of the call, which has ended. */
  entry(admitted: Admitted): Entry {
    const answer = this.#learned === null ? null : finished(this.#learned);
    this.#learned = null;
    this.#answer = answer;
    const isComplete = answer?.reading.status === 'ok' && answer.reading.partial === undefined;
    // Some clients stop reading at the last event and leave the end of the stream unread.
    const isWhole = this.#outcome === 'aborted' && isComplete && this.#isStream(admitted);
    return this.#entry(admitted, isWhole ? 'ok' : this.#outcome!, false);
  }

  #isStream({ opened }: Admitted): boolean {
    return opened.stream || this.#isAnsweredInParts;
  }

  #entry(admitted: Admitted, outcome: CallOutcome, isElsewhere: boolean): Entry {
    const status = this.#status;
    const answer = this.#answer;
    const failed = status !== null && status >= 400;
    const ending: Ending = {
      outcome: failed || (outcome === 'ok' && answer?.errorType != null) ? 'error' : outcome,
      reading: bookedElsewhere,
      httpStatus: status,
      errorType: answer?.errorType ?? this.#errorType,
      durationMilliseconds: Math.round(this.#duration),
      startedAt: this.at,
      firstByteMilliseconds: this.#firstByte === null ? null : Math.round(this.#firstByte),
    };
    let { opened } = admitted;
    if (this.#isAnsweredInParts && !opened.stream) opened = { ...opened, stream: true };
    if (failed) {
      ending.reading = { status: 'not_billed', reason: `the provider answered ${status}` };
    } else if (status === null && outcome === 'error') {
      ending.reading = { status: 'not_billed', reason: 'the provider could not be reached' };
    } else if (!isElsewhere) {
      this.#completeReading(ending, outcome, opened);
    }
    const { priceAs } = this.departure.endpoint;
    return closeEntry(opened, ending, this.#meter.price, { priceAs, context: this.context });
  }

  #completeReading(ending: Ending, outcome: CallOutcome, opened: OpenedLine): void {
    const answer = this.#answer;
    const brokeInside = answer?.errorType != null && answer.reading.status === 'no_usage';
    if (outcome === 'ok' && answer !== null && !brokeInside) {
      ending.reading = answer.reading;
      return;
    }
    const note =
      outcome === 'aborted'
        ? 'the client left before the answer was complete: output estimated from what was seen'
        : 'the answer broke off: output estimated from what was seen';
    ending.partialReason = note;
    if (answer !== null && opened.stream) {
      ending.reading = readingOfCutAnswer(answer, opened.estimate, note);
    } else {
      ending.reading =
        opened.estimate.method === 'none'
          ? this.#readingOfRequest(note, opened)
          : estimatedReading(opened.estimate, note);
    }
  }

  /** What the request alone tells of the usage: characters to be spoken, images asked for. */
  #readingOfRequest(note: string, { estimate }: OpenedLine): UsageReading {
    const reading = readUsage({ ...this.tapped, payload: {} });
    if (reading.status !== 'ok') return estimatedReading(estimate, note);
    return { ...reading, usage: { ...reading.usage, estimated: true, notes: [note] } };
  }
}

const sent: Changeable = { url: '', input: null };

const bookedElsewhere: UsageReading = {
  status: 'not_billed',
  reason: 'the call was booked elsewhere',
};

/** What the gateway calls it, too: a failed connection's kind, never its message. */
function codeOf(error: unknown): string {
  for (let at = error, depth = 0; depth < 4 && typeof at === 'object' && at !== null; depth++) {
    const { code, name, cause } = at as { code?: unknown; name?: unknown; cause?: unknown };
    if (name === 'TimeoutError' || (typeof code === 'string' && code.includes('TIMEOUT'))) {
      return 'provider_timeout';
    }
    at = cause;
  }
  return 'provider_unreachable';
}
