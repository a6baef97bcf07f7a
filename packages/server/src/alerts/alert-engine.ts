import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import {
  watchedCall,
  Watch,
  type BudgetOutlook,
  type Entry,
  type Incident,
  type IncidentUpdate,
  type WatchedCall,
  type WatchSettings,
} from '@farthing/core';
import { hasReached } from '../ledger/index.js';
import type { BookingBatch, JournalPosition, Store } from '../store/store.js';
import type { IncidentLog } from './incident-log.js';
import { journalEnds, MergedJournals } from './merged-journals.js';
import { replaceTexts } from './replace-texts.js';
import { readSnapshot, writeSnapshot } from './snapshot-file.js';

type Log = (facts: object, message: string) => void;

export interface AlertEngineOptions {
  dataDirectory: string;
  store: Pick<Store, 'locate' | 'positions'>;
  settings: WatchSettings;
  incidents: IncidentLog;
  log: { info: Log; warn: Log };
  /** Hears of all that becomes of incidents, after they are kept. */
  onUpdate(update: IncidentUpdate): void;
  now(): Date;
  /** How often time is let pass. Default a minute. */
  tickMilliseconds?: number;
  /** How often what is known is written down. Default a minute. */
  snapshotMilliseconds?: number;
}

export interface AlertEngineStatus {
  state: 'learning' | 'watching' | 'stopped';
  groups: number;
  /** Of the past, while it is read: 0 to 1. */
  progress: number;
  /** Entries that are booked and not looked at yet; while the past is read, those are not counted. */
  behind: number;
  watchedUntil: number | null;
  findings: ReadonlyMap<string, number>;
  /** Microseconds that an entry takes, as a mean over all since the start. */
  microseconds: number | null;
}

const hour = 3_600_000;
const day = 24 * hour;
/** So many entries wait at most; when more are booked at once, they are read from the journals instead. */
const mostWaiting = 20_000;
/** Others have their turn at least so often. */
const sliceMilliseconds = 8;
/** What is known is written down for at most this share of the time. */
const snapshotShare = 20;
/** Nothing to read, though the books have more, for a second: it is gone. */
const mostIdleReads = 20;

/**
 * Looks at every booked entry once, in the control plane: from a place of its own in the journals on, and as
 * soon as they are booked. It never holds up the ledger: what it is told waits, and is taken in parts.
 */
export class AlertEngine {
  readonly #options: AlertEngineOptions;
  readonly #stopping = new AbortController();
  readonly #snapshotPath: string;
  #watch: Watch;
  #positions = new Map<string, JournalPosition>();
  /** Where the ledger stands, as far as it has told. */
  #announced = new Map<string, JournalPosition>();
  /** Entries before these are the past, which is learnt from alone; null once it has been read. */
  #learnUntil: Map<string, JournalPosition> | null = null;
  #reader: MergedJournals | null = null;
  #queue: BookingBatch[] = [];
  #waiting = 0;
  #wake: (() => void) | null = null;
  #running: Promise<void> | null = null;
  #state: AlertEngineStatus['state'] = 'learning';
  #watchedUntil: number | null = null;
  #lastTick: number;
  #snapshotDue = 0;
  #isDirty = false;
  #snapshotProblem: string | null = null;
  readonly #findings = new Map<string, number>();
  #observed = 0;
  #spent = 0;
  #toldTrouble = false;
  #toldProgress = 0;
  #idleReads = 0;
  #renames: { from: readonly string[]; to: string; resolve: () => void }[] = [];

  constructor(options: AlertEngineOptions) {
    this.#options = options;
    this.#snapshotPath = join(options.dataDirectory, 'alerts', 'watch.jsonl.gz');
    this.#watch = new Watch(options.settings);
    this.#lastTick = options.now().getTime();
  }

  /**
   * Goes on where it was left, or begins to learn from what the journals hold. Resolves when incidents are
   * known; the journals are read in the background. To be called before the ledger books anything.
   */
  async start(): Promise<void> {
    const booked = await this.#options.store.positions();
    const snapshot = await this.#readSnapshot(byJournal(booked));
    if (snapshot !== null) {
      this.#watch = snapshot.watch;
      this.#positions = byJournal(snapshot.positions);
      this.#learnUntil = snapshot.learnUntil === null ? null : byJournal(snapshot.learnUntil);
    } else {
      const ends = await journalEnds(this.#options.dataDirectory);
      this.#learnUntil = byJournal(ends);
      if (ends.length > 0) {
        this.#options.log.info({}, 'alerts learn from the calls that are booked already');
      }
    }
    for (const incident of this.#options.incidents.all) this.#watch.book.restore(incident);
    for (const incident of this.#watch.book.incidents) this.#options.incidents.show(incident);
    this.#watch.onFinding = ({ cause }, _source, mode) => {
      const key = `${cause} ${mode}`;
      this.#findings.set(key, (this.#findings.get(key) ?? 0) + 1);
    };
    this.#announced = byJournal(booked);
    this.#snapshotDue = performance.now() + this.#snapshotEvery;
    this.#beginReading();
    this.#running = this.#run();
  }

  /** Takes what the ledger has just booked. Never throws, and does no work. */
  booked(batch: BookingBatch): void {
    for (const position of batch.positions) this.#announced.set(position.journal, position);
    if (this.#reader === null) {
      this.#queue.push(batch);
      this.#waiting += batch.entries.length;
      // The journals hold it: memory need not.
      if (this.#waiting > mostWaiting) this.#beginReading();
    }
    this.#wake?.();
  }

  status(): AlertEngineStatus {
    return {
      state: this.#state,
      groups: this.#watch.groups.size,
      progress: this.#progress(),
      behind: this.#waiting,
      watchedUntil: this.#watchedUntil,
      findings: this.#findings,
      microseconds: this.#observed === 0 ? null : (this.#spent * 1_000) / this.#observed,
    };
  }

  /** Why what was learnt cannot be written down; null when it can. */
  get problem(): string | null {
    return this.#snapshotProblem;
  }

  /** Judges the pace of budgets; `outlooks` has all that there are. */
  heedBudgets(outlooks: readonly BudgetOutlook[]): void {
    if (this.#state !== 'watching') return;
    const now = this.#options.now().getTime();
    for (const update of this.#watch.heedBudgets(outlooks, now)) this.#publish(update);
  }

  /**
   * Replaces texts in all that is known, as when a person is forgotten, and writes it down. Resolves when
   * that is done, or is left to the next start.
   */
  rename(from: readonly string[], to: string): Promise<void> {
    this.#options.incidents.rename(from, to);
    if (this.#running === null || this.#stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#renames.push({ from, to, resolve });
      this.#wake?.();
    });
  }

  /** Does something to an incident that is followed; what becomes of it is kept and told. */
  change(work: (book: Watch['book'], now: number) => IncidentUpdate): Incident {
    const update = work(this.#watch.book, this.#options.now().getTime());
    this.#publish(update);
    return update.incident;
  }

  /** Ends after what is under way, and writes down what is known. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake?.();
    await this.#running;
    await this.#carryOutRenames();
    if (this.#isDirty) await this.#writeSnapshot();
    this.#state = 'stopped';
    await this.#options.incidents.flush();
  }

  get #snapshotEvery(): number {
    return this.#options.snapshotMilliseconds ?? 60_000;
  }

  async #readSnapshot(booked: ReadonlyMap<string, JournalPosition>) {
    try {
      const snapshot = await readSnapshot(this.#snapshotPath, this.#options.settings);
      for (const position of snapshot?.positions ?? []) {
        if (hasReached(booked.get(position.journal), position)) continue;
        throw new Error('it is of other books');
      }
      return snapshot;
    } catch (error) {
      this.#options.log.warn(
        { file: this.#snapshotPath, reason: (error as Error).message },
        'what alerts had learnt cannot be used: they learn anew from the journals',
      );
      return null;
    }
  }

  async #carryOutRenames(): Promise<void> {
    for (const { from, to, resolve } of this.#renames.splice(0)) {
      await this.#rename(from, to);
      await this.#writeSnapshot();
      resolve();
    }
  }

  /** No call may be added meanwhile: it is a step of its own. */
  async #rename(from: readonly string[], to: string): Promise<void> {
    const copyOf = <State>(state: State): State =>
      JSON.parse(replaceTexts(JSON.stringify(state), from, to)) as State;
    const known = this.#watch;
    const renamed = new Watch(this.#options.settings, copyOf(known.toJSON()));
    for (const [key, group] of known.groups) {
      renamed.restoreGroup(replaceTexts(key, from, to), copyOf(group.toJSON()));
      await setImmediate();
    }
    renamed.onFinding = known.onFinding;
    this.#watch = renamed;
  }

  #beginReading(): void {
    this.#queue = [];
    this.#waiting = 0;
    this.#reader = new MergedJournals(
      this.#options.dataDirectory,
      this.#options.store,
      [...this.#positions.values()],
      this.#stopping.signal,
    );
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#step();
        this.#toldTrouble = false;
      } catch (error) {
        if (!this.#toldTrouble) {
          this.#options.log.warn(
            { reason: (error as Error).message },
            'alerts cannot read the journals at the moment; they try again',
          );
        }
        this.#toldTrouble = true;
        this.#beginReading();
        await this.#pause(1_000);
      }
    }
  }

  async #step(): Promise<void> {
    await this.#carryOutRenames();
    if (this.#reader !== null) await this.#readOn(this.#reader);
    else {
      const batch = this.#queue.shift();
      if (batch === undefined) await this.#pause(this.#untilDue());
      else {
        await this.#take(batch);
        this.#waiting -= batch.entries.length;
      }
    }
    await this.#letTimePass();
    if (this.#isDirty && performance.now() >= this.#snapshotDue) await this.#writeSnapshot();
  }

  async #readOn(reader: MergedJournals): Promise<void> {
    const batch = await reader.next(1_000);
    if (batch !== null) {
      await this.#take(batch);
      this.#tellProgress();
    } else if (this.#hasCaughtUp()) {
      this.#reader = null;
      if (this.#learnUntil !== null || this.#state === 'learning') {
        const groups = this.#watch.groups.size;
        this.#options.log.info({ groups }, 'alerts watch what is booked');
      }
      this.#learnUntil = null;
      this.#state = 'watching';
    } else if (++this.#idleReads < mostIdleReads) {
      await this.#pause(50);
      return;
    } else this.#leaveGone();
    this.#idleReads = 0;
  }

  /** What the books have and no journal holds any more cannot be looked at. */
  #leaveGone(): void {
    const gone = [...this.#announced.values()].filter(
      (position) => !hasReached(this.#positions.get(position.journal), position),
    );
    for (const position of gone) this.#positions.set(position.journal, position);
    const journals = gone.map(({ journal }) => journal);
    this.#options.log.warn({ journals }, 'alerts pass over calls whose journals are gone');
    this.#beginReading();
  }

  /** Whether everything that the ledger has told of has been looked at. */
  #hasCaughtUp(): boolean {
    return [...this.#announced.values()].every((position) =>
      hasReached(this.#positions.get(position.journal), position),
    );
  }

  async #take({ entries, positions }: BookingBatch): Promise<void> {
    let began = performance.now();
    for (const { entry, position } of entries) {
      const own = this.#positions.get(position.journal);
      // Between reading and being told the same may come twice.
      if (own !== undefined && isBefore(position, own)) continue;
      this.#look(entry, position);
      const passed = performance.now() - began;
      if (passed < sliceMilliseconds) continue;
      this.#spent += passed;
      await setImmediate();
      began = performance.now();
    }
    this.#spent += performance.now() - began;
    for (const position of positions) {
      if (!hasReached(this.#positions.get(position.journal), position)) {
        this.#positions.set(position.journal, position);
      }
    }
    this.#isDirty ||= entries.length > 0;
  }

  #look(entry: Entry, position: JournalPosition): void {
    const now = this.#options.now().getTime();
    const isPast =
      this.#learnUntil !== null &&
      isBefore(position, this.#learnUntil.get(position.journal) ?? beginningOf(position));
    try {
      const call = watchedCall(entry);
      if (call === null) return;
      this.#observed += 1;
      this.#watchedUntil = Math.max(this.#watchedUntil ?? 0, Math.min(call.endedAt, now));
      const updates = this.#watch.observe(call, !isPast && isJudged(call, now), now);
      for (const update of updates) this.#publish(update);
    } catch (error) {
      // One call that no detector was made for must not keep the others from being looked at.
      const facts = { call: entry.id, reason: (error as Error).message };
      this.#options.log.warn(facts, 'alerts pass over a call that they cannot judge');
    }
  }

  async #letTimePass(): Promise<void> {
    const now = this.#options.now().getTime();
    if (this.#reader !== null) return;
    if (Math.abs(now - this.#lastTick) < (this.#options.tickMilliseconds ?? 60_000)) return;
    this.#lastTick = now;
    for (const updates of this.#watch.tickParts(now)) {
      for (const update of updates) this.#publish(update);
      await setImmediate();
    }
    this.#isDirty = true;
    await this.#options.incidents.flush();
    await this.#options.incidents.tidy(now).catch(() => undefined);
  }

  #publish(update: IncidentUpdate): void {
    const { incidents, onUpdate, log } = this.#options;
    if (update.what === 'refreshed') incidents.show(update.incident);
    else incidents.keep(update.incident);
    this.#isDirty = true;
    try {
      onUpdate(update);
    } catch (error) {
      log.warn({ reason: (error as Error).message }, 'an incident could not be told');
    }
  }

  async #writeSnapshot(): Promise<void> {
    const began = performance.now();
    this.#isDirty = false;
    try {
      const learnUntil = this.#learnUntil === null ? null : [...this.#learnUntil.values()];
      const positions = [...this.#positions.values()];
      await writeSnapshot(
        this.#snapshotPath,
        { watch: this.#watch, positions, learnUntil },
        this.#options.now(),
      );
      if (this.#snapshotProblem !== null) {
        this.#options.log.info({}, 'what alerts have learnt can be written down again');
      }
      this.#snapshotProblem = null;
    } catch (error) {
      this.#isDirty = true;
      const { message } = error as Error;
      if (this.#snapshotProblem === null) {
        this.#options.log.warn({ reason: message }, 'what alerts have learnt cannot be written');
      }
      this.#snapshotProblem = message;
    }
    const took = performance.now() - began;
    this.#snapshotDue = performance.now() + Math.max(this.#snapshotEvery, snapshotShare * took);
  }

  #untilDue(): number {
    const { tickMilliseconds = 60_000 } = this.#options;
    const tick = tickMilliseconds - Math.abs(this.#options.now().getTime() - this.#lastTick);
    const snapshot = this.#isDirty ? this.#snapshotDue - performance.now() : tick;
    return Math.max(1, Math.min(tick, snapshot, 60_000));
  }

  #pause(milliseconds: number): Promise<void> {
    if (this.#stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(done, milliseconds);
      const wake = () => done();
      this.#wake = wake;
      function done() {
        clearTimeout(timer);
        resolve();
      }
    });
  }

  #progress(): number {
    if (this.#reader === null || this.#announced.size === 0) return 1;
    let share = 0;
    for (const { journal, segment, offset } of this.#announced.values()) {
      const own = this.#positions.get(journal);
      if (own === undefined) continue;
      if (own.segment > segment || (own.segment === segment && own.offset >= offset)) share += 1;
      else {
        share +=
          (own.segment + (own.segment === segment ? own.offset / offset : 0)) / (segment + 1);
      }
    }
    return Math.min(1, share / this.#announced.size);
  }

  #tellProgress(): void {
    const now = performance.now();
    if (this.#learnUntil === null || now - this.#toldProgress < 10_000) return;
    if (this.#toldProgress > 0) {
      const percent = Math.round(this.#progress() * 100);
      this.#options.log.info({ percent, calls: this.#observed }, 'alerts learn from the past');
    }
    this.#toldProgress = now;
  }
}

/** History that is read in makes no incident: what became known late, or ended long ago. */
function isJudged({ endedAt, knownAt }: WatchedCall, now: number): boolean {
  return knownAt - endedAt <= hour && now - endedAt <= day;
}

const byJournal = (positions: readonly JournalPosition[]) =>
  new Map(positions.map((position) => [position.journal, position]));

const isBefore = (position: JournalPosition, other: JournalPosition): boolean =>
  position.segment < other.segment ||
  (position.segment === other.segment && position.offset < other.offset);

const beginningOf = ({ journal }: JournalPosition): JournalPosition => ({
  journal,
  segment: 0,
  offset: 0,
});
