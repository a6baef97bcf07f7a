import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Admission,
  type CallContext,
  closeEntry,
  type Ending,
  type Entry,
  estimatedReading,
  hasTokens,
  type OpenedLine,
  type PromptPrefixes,
  type PromptTokens,
  readingOfCutAnswer,
  readUsage,
  unmeteredReading,
  type UsageReading,
} from '@farthing/core';
import type { Dispatcher } from 'undici';
import { readAnswerHeaders, type AnswerHeaders } from './answer-headers.js';
import { chooseTap, decoded } from './choose-tap.js';
import type { GatewayContext } from './gateway-context.js';
import { headerText } from './header-text.js';
import type { OutgoingCall } from './outgoing-call.js';
import { pricedForm } from './priced-request.js';
import type { SentRequest } from './prompt-auditor.js';
import type { Route } from './route.js';
import type { Tap, Tapped, TappedCall } from './tap.js';
import { upstreamProblem } from './upstream-problem.js';

export interface CallParts {
  gateway: GatewayContext;
  incoming: IncomingMessage;
  response: ServerResponse;
  route: Route;
  opened: OpenedLine;
  /** What sets the price beside the answer: provider, path and request. */
  context: CallContext | undefined;
  /** Fields of a form with files, which is read while it passes; null for any other request. */
  form: ReadonlyMap<string, string> | null;
  /** Number of the journal line that records the opening; null when the call goes unrecorded. */
  line: number | null;
  /** `performance.now()` when the request arrived. */
  arrived: number;
  /** Reads the results of a batch that the call fetches, should it be one; null for all other calls. */
  batch: Tap | null;
  /** The gateway asked for the stream's usage itself: the caller must not see it. */
  withholdUsage: boolean;
  /** Sentences for the caller (tags that were cut). */
  warnings: string[];
  /** What was asked for admission, and the answer; both null for unmetered requests. */
  outgoing: OutgoingCall | null;
  admission: Admission | null;
  /** The request as it went out, for taking it apart when the call has ended; null where it cannot be. */
  sent: SentRequest | null;
  /** What budgets tell the caller, names and values in turn. */
  headers: readonly string[];
}

/** Bytes of an answer that are held at most while its call is not on record yet. */
const mostHeld = 256 * 1024;

/**
 * One call from its departure to its booking: relays the provider's answer as it comes, byte for
 * byte, listens for usage, and books exactly one entry however it ends. It is undici's handler, in
 * the raw form that costs least per call.
 */
export class Call implements Dispatcher.DispatchHandler {
  readonly #parts: CallParts;
  #abort: ((error?: Error) => void) | null = null;
  #resume: (() => void) | null = null;
  #status: number | null = null;
  #headers: AnswerHeaders | null = null;
  #tap: Tap | null = null;
  #firstByte: number | null = null;
  /** What came before the head could be sent; null once it is sent. */
  #held: Buffer[] | null = null;
  #heldBytes = 0;
  #ended = false;
  #clientGone = false;
  #booked = false;

  constructor(parts: CallParts) {
    this.#parts = parts;
    parts.response.once('close', () => this.#onClientClose());
  }

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort;
    if (this.#clientGone) abort();
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void): boolean {
    if (status < 200) return true;
    const { gateway, line } = this.#parts;
    this.#status = status;
    this.#resume = resume;
    this.#firstByte = performance.now();
    this.#headers = readAnswerHeaders(rawHeaders, this.#parts.withholdUsage);
    this.#tap = this.#createTap(status, this.#headers);
    // A caller that sees an answer can rely on the call being on record, whatever happens to us now.
    if (line === null || gateway.journal.isWritten(line)) {
      this.#sendHead();
      return true;
    }
    this.#held = [];
    void gateway.journal.handedOver(line).then(() => this.#release());
    return true;
  }

  onData(chunk: Buffer): boolean {
    const forward = this.#tap === null ? chunk : this.#tap.push(chunk);
    if (forward === null || this.#clientGone) return true;
    if (this.#held !== null) {
      this.#held.push(forward);
      this.#heldBytes += forward.length;
      return this.#heldBytes < mostHeld;
    }
    return this.#parts.response.write(forward) || this.#waitForDrain();
  }

  onComplete(): void {
    const rest = this.#tap?.flush() ?? null;
    if (this.#held !== null) {
      if (rest !== null) this.#held.push(rest);
      this.#ended = true;
      return;
    }
    this.#end(rest);
  }

  onError(error: Error): void {
    const { response, route } = this.#parts;
    if (this.#clientGone) return this.#finish('aborted');
    const problem = upstreamProblem(error, route.provider);
    if (this.#status === null) {
      if (!response.headersSent)
        this.#parts.gateway.answerProblem(
          response,
          route.provider.family,
          problem,
          this.#parts.opened.id,
        );
      return this.#finish('error', problem.code);
    }
    this.#tap?.flush();
    this.#release();
    // The caller sees the same as without us: the connection breaks.
    response.destroy();
    this.#finish('interrupted', problem.code);
  }

  /** The call is on record: what was held back goes out. */
  #release(): void {
    const held = this.#held;
    if (held === null) return;
    this.#held = null;
    this.#sendHead();
    const { response } = this.#parts;
    if (this.#ended) return this.#end(held.length === 1 ? held[0]! : Buffer.concat(held));
    if (!this.#clientGone) for (const chunk of held) response.write(chunk);
    if (this.#heldBytes >= mostHeld) this.#resume?.();
  }

  #end(last: Buffer | null): void {
    const { response } = this.#parts;
    if (!this.#clientGone) {
      if (last === null || last.length === 0) response.end();
      else response.end(last);
    }
    this.#finish(this.#clientGone ? 'aborted' : 'ok');
  }

  #createTap(status: number, headers: AnswerHeaders): Tap | null {
    const { route, withholdUsage, batch } = this.#parts;
    if (route.api !== null) {
      return chooseTap(this.#tappedCall(route.api), status, headers, withholdUsage);
    }
    return batch !== null && status === 200 ? decoded(batch, headers) : null;
  }

  #tappedCall(api: string): TappedCall {
    const { route } = this.#parts;
    const context = this.#context();
    const call: TappedCall = { provider: route.provider.priceAs, api };
    if (context !== undefined) call.context = context;
    return call;
  }

  /** A form is complete when its answer begins, and known from then on. */
  #context(): CallContext | undefined {
    const { context, form } = this.#parts;
    const request = form === null ? undefined : pricedForm(form);
    return request === undefined ? context : { ...context, request };
  }

  #sendHead(): void {
    const { response, opened, warnings, headers } = this.#parts;
    if (this.#clientGone || response.headersSent) return;
    const list = this.#headers!.list;
    list.push('x-farthing-call-id', opened.id);
    if (headers.length > 0) list.push(...headers);
    if (warnings.length > 0) list.push('x-farthing-warning', headerText(warnings.join('; ')));
    // The provider's date stands for the answer; where it sends none, neither do we.
    response.sendDate = false;
    response.writeHead(this.#status!, list);
    // A stream's first event may be long in coming; the caller should see the answer begin.
    if (this.#headers!.contentType.startsWith('text/event-stream')) response.flushHeaders();
  }

  #waitForDrain(): boolean {
    const { response } = this.#parts;
    response.once('drain', () => this.#resume?.());
    return false;
  }

  #onClientClose(): void {
    if (this.#booked || this.#parts.response.writableFinished) return;
    this.#clientGone = true;
    if (this.#parts.gateway.settings.on_client_abort === 'drain') this.#resume?.();
    else if (this.#abort !== null) this.#abort();
    else this.#finish('aborted');
  }

  #finish(
    outcome: 'ok' | 'error' | 'aborted' | 'interrupted',
    errorType: string | null = null,
  ): void {
    if (this.#booked) return;
    this.#booked = true;
    const ended = performance.now();
    this.#parts.gateway.bookings.add(() => {
      const tapped = finished(this.#tap);
      if (tapped instanceof Promise) {
        void tapped
          .catch(unreadable)
          .then((result) => this.#book(outcome, errorType, result, ended));
      } else {
        this.#book(outcome, errorType, tapped, ended);
      }
    });
  }

  #book(
    outcome: 'ok' | 'error' | 'aborted' | 'interrupted',
    errorType: string | null,
    tapped: Awaited<ReturnType<Tap['finish']>> | null,
    ended: number,
  ): void {
    const { gateway, route, line, arrived } = this.#parts;
    const opened = this.#openedAsKnown();
    const failed = this.#status !== null && this.#status >= 400;
    const streamFailed = tapped !== null && tapped.errorType !== null;
    const ending: Ending = {
      outcome: outcome === 'ok' && (failed || streamFailed) ? 'error' : outcome,
      reading: { status: 'not_billed', reason: '' },
      httpStatus: this.#status,
      errorType: tapped?.errorType ?? errorType,
      durationMilliseconds: Math.round(ended - arrived),
      firstByteMilliseconds:
        this.#firstByte === null ? null : Math.round(this.#firstByte - arrived),
    };
    if (route.api === null) {
      ending.outcome = failed ? 'error' : 'unmetered';
      ending.path = `${this.#parts.incoming.method} ${route.path}`;
      ending.reading = unmeteredReading(this.#parts.incoming.method ?? 'GET', route.path, failed);
    } else if (failed) {
      ending.reading = { status: 'not_billed', reason: `the provider answered ${this.#status}` };
    } else if (this.#status === null && outcome === 'error') {
      ending.reading = { status: 'not_billed', reason: 'the provider could not be reached' };
    } else {
      this.#completeReading(ending, outcome, tapped);
    }
    const entry = closeEntry(opened, ending, gateway.price, {
      priceAs: route.provider.priceAs,
      context: this.#context(),
    });
    const prompt = this.#promptOf(entry);
    if (prompt !== undefined) entry.prompt = prompt;
    const prefixes = this.#prefixesOf(entry);
    if (prefixes !== undefined) entry.prefixes = prefixes;
    this.#watchRun(entry);
    if (line !== null) gateway.journal.closed(entry);
    const { outgoing, admission } = this.#parts;
    if (outgoing !== null && admission !== null) {
      outgoing.ended(entry);
      gateway.admissions.ended(entry, outgoing, admission);
    }
    gateway.metrics.closed(entry, line === null);
  }

  /** Where the input came from. What a request holds must never keep its call from being booked. */
  #promptOf(entry: Entry): PromptTokens | undefined {
    const { gateway, sent } = this.#parts;
    if (sent === null || gateway.prompts === null) return undefined;
    try {
      return gateway.prompts.audit(entry, sent);
    } catch {
      return undefined;
    }
  }

  /** Which beginnings its prompt shares with others, as little in the way of the booking. */
  #prefixesOf(entry: Entry): PromptPrefixes | undefined {
    const { gateway, sent } = this.#parts;
    if (sent === null || gateway.prefixes === null) return undefined;
    try {
      return gateway.prefixes.prefixes(entry, sent.body);
    } catch {
      return undefined;
    }
  }

  /** Whether its run goes on as others do not: for the next call of it. */
  #watchRun(entry: Entry): void {
    const { gateway, route, sent } = this.#parts;
    if (gateway.runs === null || route.api === null) return;
    try {
      const judged = gateway.runs.ended(entry, sent);
      if (judged !== null) gateway.metrics.runJudged(judged);
    } catch {
      // A run that cannot be judged is not stopped.
    }
  }

  /** A form names its model somewhere behind its files, and speech streams where events are asked for. */
  #openedAsKnown(): OpenedLine {
    const { opened, form, route } = this.#parts;
    if (form === null && route.api !== 'audio.speech') return opened;
    const isStream = this.#headers?.contentType.startsWith('text/event-stream') ?? false;
    return {
      ...opened,
      stream: opened.stream || isStream || form?.get('stream') === 'true',
      model_requested: form?.get('model') ?? opened.model_requested,
    };
  }

  #completeReading(
    ending: Ending,
    outcome: string,
    tapped: Awaited<ReturnType<Tap['finish']>> | null,
  ): void {
    const { opened, route } = this.#parts;
    if (
      outcome === 'ok' &&
      tapped !== null &&
      !(tapped.errorType !== null && tapped.reading.status === 'no_usage')
    ) {
      ending.reading = tapped.reading;
      return;
    }
    const note =
      outcome === 'aborted'
        ? 'the client left before the answer was complete: output estimated from what was seen'
        : 'the answer broke off: output estimated from what was seen';
    ending.partialReason = note;
    const drained =
      outcome === 'aborted' &&
      tapped?.reading.status === 'ok' &&
      tapped.reading.partial === undefined;
    if (drained) ending.reading = tapped.reading;
    else if (tapped !== null && opened.stream)
      ending.reading = readingOfCutAnswer(tapped, opened.estimate, note);
    else {
      ending.reading = hasTokens(opened.estimate)
        ? estimatedReading(opened.estimate, note)
        : this.#readingOfRequest(route.api ?? '', note);
    }
  }

  /** What the request alone tells of the usage: characters to be spoken, images asked for. */
  #readingOfRequest(api: string, note: string): UsageReading {
    const reading = readUsage({ ...this.#tappedCall(api), payload: {} });
    if (reading.status !== 'ok') return estimatedReading(this.#parts.opened.estimate, note);
    return { ...reading, usage: { ...reading.usage, estimated: true, notes: [note] } };
  }
}

/** What the tap learned. An answer that cannot be read must end neither its own record nor the gateway. */
function finished(tap: Tap | null): Tapped | Promise<Tapped> | null {
  try {
    return tap?.finish() ?? null;
  } catch (error) {
    return unreadable(error);
  }
}

function unreadable(error: unknown): Tapped {
  const reason = `the answer cannot be read: ${(error as Error).message}`.slice(0, 1_000);
  return {
    reading: { status: 'invalid_usage', reason, raw: null },
    errorType: null,
    seenTokens: 0,
  };
}
