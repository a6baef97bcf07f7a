import type { SinkStatus } from '@farthing/core';
import { within } from '../../delivery/within.js';
import { SinkBacklog, type KeptNotice, type Sending } from './sink-backlog.js';
import type { SinkFilter } from './sink-filter.js';
import { writePlace, type SinkPlace } from './sink-place.js';
import { SinkBusy, SinkRefused, type IncidentSink } from './sink.js';

export type Log = (facts: object, message: string) => void;

export interface SinkDeliveryOptions {
  name: string;
  type: string;
  filter: SinkFilter;
  /** Whether the other side can be told that an incident it knows is muted. */
  mutes: boolean;
  place: SinkPlace;
  placeFile: string;
  /** The notices of the file, in order. */
  kept: readonly KeptNotice[];
  open(): Promise<IncidentSink>;
  /** How often the last notice of an incident that is not over is sent again; null: never. */
  repeatMilliseconds: number | null;
  log: { info: Log; warn: Log };
  now(): Date;
  /** Resolves after so long, or as soon as the signal says. Never rejects. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** At least 0, less than 1. */
  random(): number;
  /** How long a driver may take before it counts as hanging. */
  sendMilliseconds: number;
  /** How long what is under way may take when it is to stop. */
  graceMilliseconds: number;
}

const firstPause = 500;
const longestPause = 60_000;
/** Somebody has to change something before it is taken: the same again helps rarely. */
const refusedPause = 5 * 60_000;
/** Refused for so long, what is over is given up. */
const refusedForGood = 24 * 60 * 60_000;
const longestRetryAfter = 60 * 60_000;
const longestWait = 60 * 60_000;

interface Refusal {
  since: number;
  until: number;
  problem: string;
}

/**
 * Tells one sink what waits for it, one notice after the other, each until the sink has taken it. A sink
 * that fails is tried again after half a second up to a minute, or as late as it asks for. A notice that
 * is refused lets others go first: it may be this one alone that the other side does not take.
 */
export class SinkDelivery {
  readonly #options: SinkDeliveryOptions;
  readonly #backlog: SinkBacklog;
  readonly #running: Promise<void>;
  readonly #stopping = new AbortController();
  /** Ends the waiting for something to tell. */
  #news = new AbortController();
  /** Ends the pause of a sink that fails. */
  #retrying = new AbortController();
  #place: SinkPlace;
  #sink: IncidentSink | null = null;
  #away: string | null = null;
  #placeProblem: string | null = null;
  #told: string | null = null;
  readonly #refusals = new Map<string, Refusal>();
  readonly #sentAt = new WeakMap<KeptNotice, number>();
  #giveUp: (error: Error) => void = () => {};
  readonly #givenUp = new Promise<never>((_, reject) => (this.#giveUp = reject));
  #isStopped = false;

  constructor(options: SinkDeliveryOptions) {
    this.#options = options;
    this.#place = options.place;
    this.#backlog = new SinkBacklog(options.filter, options.mutes);
    this.#backlog.restore(options.place, options.kept);
    this.#givenUp.catch(() => undefined);
    this.#running = this.#run();
  }

  take(kept: KeptNotice): void {
    if (this.#backlog.take(kept)) this.#news.abort();
  }

  /** Notices that must stay in the file. */
  needed(): Iterable<KeptNotice> {
    return this.#backlog.needed();
  }

  /** Tries at once what was refused or waits for the sink to be back. */
  retry(): void {
    this.#refusals.clear();
    this.#news.abort();
    this.#retrying.abort();
  }

  status(): SinkStatus {
    const { name, type } = this.#options;
    const refusal = this.#refusal();
    return {
      name,
      type,
      state: this.#state(refusal),
      delivered: this.#place.delivered,
      waiting: this.#backlog.size,
      replaced: this.#backlog.replaced,
      last_delivered_at: this.#place.last_delivered_at,
      problem: this.#away ?? refusal?.problem ?? this.#placeProblem,
    };
  }

  /** Ends after what is under way. The other side may hang: what it has not confirmed by then comes again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#news.abort();
    this.#retrying.abort();
    const isOver = await within(this.#options.graceMilliseconds, this.#running);
    if (!isOver) {
      this.#giveUp(new Error('no answer before the end'));
      await this.#running;
    }
    await this.#close();
    this.#isStopped = true;
  }

  async #run(): Promise<void> {
    let pause = firstPause;
    while (!this.#stopping.signal.aborted) {
      this.#news = new AbortController();
      this.#retrying = new AbortController();
      const sending = this.#next();
      if (sending === null) {
        await this.#options.wait(this.#untilNext(), this.#news.signal);
        continue;
      }
      const failure = await this.#send(sending);
      if (failure === null) {
        pause = firstPause;
        continue;
      }
      if (this.#stopping.signal.aborted) return;
      const asked = failure instanceof SinkBusy ? failure.retryAfterMilliseconds : 0;
      const jittered = pause * (0.5 + this.#options.random() / 2);
      await this.#options.wait(
        Math.max(jittered, Math.min(asked, longestRetryAfter)),
        this.#retrying.signal,
      );
      pause = Math.min(pause * 2, longestPause);
    }
  }

  /** What is due: first what waits, then what has to be repeated. */
  #next(): (Sending & { isRepeat: boolean }) | null {
    const now = this.#options.now().getTime();
    for (const incident of this.#backlog.incidents) {
      if (this.#mayTry(incident, now)) {
        return { ...this.#backlog.next(incident)!, isRepeat: false };
      }
    }
    for (const told of this.#backlog.told()) {
      const { id } = told.kept.notice.incident;
      if (this.#repeatAt(told.kept) <= now && this.#mayTry(id, now)) {
        return { ...told, isRepeat: true };
      }
    }
    return null;
  }

  #mayTry(incident: string, now: number): boolean {
    return (this.#refusals.get(incident)?.until ?? 0) <= now;
  }

  /** After a start everything is due: nobody knows how long ago it was sent. */
  #repeatAt(kept: KeptNotice): number {
    const { repeatMilliseconds: every } = this.#options;
    return every === null ? Infinity : (this.#sentAt.get(kept) ?? -Infinity) + every;
  }

  #untilNext(): number {
    const now = this.#options.now().getTime();
    let at = now + longestWait;
    for (const incident of this.#backlog.incidents) {
      at = Math.min(at, this.#refusals.get(incident)?.until ?? now);
    }
    for (const { kept } of this.#backlog.told()) {
      const refused = this.#refusals.get(kept.notice.incident.id)?.until ?? 0;
      at = Math.min(at, Math.max(this.#repeatAt(kept), refused));
    }
    return Math.max(at - now, 1);
  }

  async #send(sending: Sending & { isRepeat: boolean }): Promise<Error | null> {
    const { kept, isRepeat } = sending;
    if (!isRepeat) this.#backlog.sending(kept);
    const failure = await this.#attempt(sending);
    this.#backlog.sending(null);
    const { id } = kept.notice.incident;
    if (failure !== null) {
      await this.#failed(failure, id);
      return failure;
    }
    this.#sentAt.set(kept, this.#options.now().getTime());
    this.#away = null;
    this.#refusals.delete(id);
    if (!isRepeat) await this.#delivered(kept);
    this.#tell();
    return null;
  }

  async #attempt({ kept, opening }: Sending): Promise<Error | null> {
    try {
      this.#sink ??= await this.#options.open();
      const sent = this.#sink.send(kept.notice, opening.notice);
      // It may fail when nobody waits for it any more.
      sent.catch(() => undefined);
      const work = Promise.race([sent, this.#givenUp]);
      if (await within(this.#options.sendMilliseconds, work)) return null;
      return new Error('the sink does not answer in time');
    } catch (error) {
      return error as Error;
    }
  }

  async #delivered(kept: KeptNotice): Promise<void> {
    this.#backlog.delivered(kept);
    this.#place = {
      ...this.#backlog.place(),
      delivered: this.#place.delivered + 1,
      last_delivered_at: this.#options.now().toISOString(),
    };
    try {
      await writePlace(this.#options.placeFile, this.#place);
      this.#placeProblem = null;
    } catch (error) {
      // The sink has it: to go on matters more than that it may come twice after a restart.
      this.#placeProblem = `its place cannot be written: ${(error as Error).message}`;
    }
  }

  async #failed(failure: Error, incident: string): Promise<void> {
    await this.#close();
    if (failure instanceof SinkRefused) {
      const now = this.#options.now().getTime();
      const since = this.#refusals.get(incident)?.since ?? now;
      this.#away = null;
      this.#refusals.set(incident, { since, until: now + refusedPause, problem: failure.message });
      this.#backlog.setAside(incident);
      if (now - since >= refusedForGood && this.#backlog.isOver(incident)) {
        this.#backlog.drop(incident);
        this.#options.log.warn(
          { sink: this.#options.name, incident, reason: failure.message },
          'the sink has refused notices of an incident that is over for a day; they are given up',
        );
      }
    } else {
      this.#away = failure.message;
    }
    this.#tell();
  }

  /** Says once that something is wrong, and once that it is right again. */
  #tell(): void {
    const { problem } = this.status();
    if (problem === this.#told) return;
    this.#told = problem;
    const { log, name } = this.#options;
    if (problem === null) log.info({ sink: name }, 'the sink takes notices again');
    else log.warn({ sink: name, reason: problem }, 'the sink does not take notices; they wait');
  }

  #state(refusal: Refusal | undefined): SinkStatus['state'] {
    if (this.#isStopped) return 'stopped';
    if (this.#away !== null) return 'waiting';
    return refusal === undefined ? 'running' : 'refused';
  }

  #refusal(): Refusal | undefined {
    for (const [incident, refusal] of this.#refusals) {
      if (this.#backlog.knows(incident)) return refusal;
      this.#refusals.delete(incident);
    }
    return undefined;
  }

  async #close(): Promise<void> {
    const sink = this.#sink;
    this.#sink = null;
    await within(
      500,
      sink?.close().catch(() => undefined),
    );
  }
}
