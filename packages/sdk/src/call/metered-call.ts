import {
  closeEntry,
  estimatedReading,
  readingOfCutAnswer,
  readUsage,
  type Admission,
  type CallContext,
  type CallToAdmit,
  type Ending,
  type Entry,
  type OpenedLine,
  type UsageReading,
} from '@farthing/core';
import type { OpenRun } from '../context/runs.js';
import type { Opening } from '../sinks/sink.js';
import type { Meter } from './meter.js';

/** What was learned of an answer when it was over. */
export interface Tapped {
  reading: UsageReading;
  /** The provider's error type or code, when the answer is or ends with an error. */
  errorType: string | null;
  /** Tokens of output seen go by, roughly; only for answers that were cut off. */
  seenTokens: number;
}

export interface CallParts {
  meter: Meter;
  opened: OpenedLine;
  opening: Opening | null;
  priceAs: string;
  context: CallContext | undefined;
  /** `performance.now()` when the call began. */
  began: number;
  admission: Admission;
  outgoing: CallToAdmit;
  /** The run that the call belongs to. */
  run: OpenRun | null;
}

/** One attempt at a call from its departure to its booking: exactly one entry, however it ends. */
export class MeteredCall {
  readonly #parts: CallParts;
  #status: number | null = null;
  #firstByte: number | null = null;
  #ended = false;

  constructor(parts: CallParts) {
    this.#parts = parts;
  }

  get id(): string {
    return this.#parts.opened.id;
  }

  get api(): string {
    return this.#parts.opened.api;
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  /** What an answer's reader has to know. */
  get tapped(): { provider: string; api: string; context?: CallContext } {
    const { priceAs, context, opened } = this.#parts;
    return {
      provider: priceAs,
      api: opened.api,
      ...(context === undefined ? {} : { context }),
    };
  }

  /** The head of the answer is there. Resolves, mostly at once, when the call is on record. */
  answered(status: number, streams: boolean): Promise<void> | null {
    const { opened, opening, began } = this.#parts;
    this.#status = status;
    this.#firstByte = performance.now() - began;
    if (streams && !opened.stream) this.#parts.opened = { ...opened, stream: true };
    // Who sees an answer can rely on the call being on record, whatever happens to the process.
    return opening === null || opening.isRecorded ? null : opening.recorded();
  }

  /** The answer was delivered whole. */
  ended(tapped: Tapped | null): void {
    this.#end('ok', null, tapped);
  }

  /** The caller left before the answer was complete. */
  aborted(tapped: Tapped | null): void {
    const isComplete = tapped?.reading.status === 'ok' && tapped.reading.partial === undefined;
    // Some clients stop reading at the last event and leave the end of the stream unread.
    this.#end(isComplete && this.#parts.opened.stream ? 'ok' : 'aborted', null, tapped);
  }

  /** The provider could not be reached, or its answer broke off. */
  failed(error: unknown, tapped: Tapped | null): void {
    this.#end(this.#status === null ? 'error' : 'interrupted', codeOf(error), tapped);
  }

  /** Another meter has booked this call (a Farthing gateway answered): nothing is booked here. */
  bookedElsewhere(): void {
    if (this.#ended) return;
    this.#ended = true;
    const { meter, outgoing, admission } = this.#parts;
    meter.withdraw(this.#entry('aborted', null, null, true), outgoing, admission);
  }

  #end(
    outcome: 'ok' | 'error' | 'aborted' | 'interrupted',
    errorType: string | null,
    tapped: Tapped | null,
  ): void {
    if (this.#ended) return;
    this.#ended = true;
    const { meter, outgoing, admission, run } = this.#parts;
    const entry = this.#entry(outcome, errorType, tapped);
    run?.count(entry);
    meter.book(entry, outgoing, admission);
  }

  #entry(
    outcome: 'ok' | 'error' | 'aborted' | 'interrupted',
    errorType: string | null,
    tapped: Tapped | null,
    notBilled = false,
  ): Entry {
    const { meter, opened, began, priceAs, context } = this.#parts;
    const status = this.#status;
    const failed = status !== null && status >= 400;
    const ending: Ending = {
      outcome: failed || (outcome === 'ok' && tapped?.errorType != null) ? 'error' : outcome,
      reading: { status: 'not_billed', reason: 'the call was booked elsewhere' },
      httpStatus: status,
      errorType: tapped?.errorType ?? errorType,
      durationMilliseconds: Math.round(performance.now() - began),
      firstByteMilliseconds: this.#firstByte === null ? null : Math.round(this.#firstByte),
    };
    if (failed) {
      ending.reading = { status: 'not_billed', reason: `the provider answered ${status}` };
    } else if (status === null && outcome === 'error') {
      ending.reading = { status: 'not_billed', reason: 'the provider could not be reached' };
    } else if (!notBilled) {
      this.#completeReading(ending, outcome, tapped);
    }
    return closeEntry(opened, ending, meter.price, { priceAs, context });
  }

  #completeReading(ending: Ending, outcome: string, tapped: Tapped | null): void {
    const { opened } = this.#parts;
    const brokeInside = tapped?.errorType != null && tapped.reading.status === 'no_usage';
    if (outcome === 'ok' && tapped !== null && !brokeInside) {
      ending.reading = tapped.reading;
      return;
    }
    const note =
      outcome === 'aborted'
        ? 'the client left before the answer was complete: output estimated from what was seen'
        : 'the answer broke off: output estimated from what was seen';
    ending.partialReason = note;
    if (tapped !== null && opened.stream) {
      ending.reading = readingOfCutAnswer(tapped, opened.estimate, note);
    } else {
      ending.reading =
        opened.estimate.method === 'none'
          ? this.#readingOfRequest(note)
          : estimatedReading(opened.estimate, note);
    }
  }

  /** What the request alone tells of the usage: characters to be spoken, images asked for. */
  #readingOfRequest(note: string): UsageReading {
    const reading = readUsage({ ...this.tapped, payload: {} });
    if (reading.status !== 'ok') return estimatedReading(this.#parts.opened.estimate, note);
    return { ...reading, usage: { ...reading.usage, estimated: true, notes: [note] } };
  }
}

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
