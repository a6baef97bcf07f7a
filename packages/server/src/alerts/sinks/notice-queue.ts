import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { didYouMean, FarthingError, type SinkStatus, type SinkTrial } from '@farthing/core';
import { durationOf, type AlertSinkConfig } from '../../config/index.js';
import { NoticeFile } from './notice-file.js';
import { openSink } from './open-sink.js';
import type { KeptNotice } from './sink-backlog.js';
import { SinkDelivery, type Log } from './sink-delivery.js';
import { newPlace, placePath, readPlace, writePlace, type SinkPlace } from './sink-place.js';
import type { IncidentSink, Notice } from './sink.js';
import { trySink } from './try-sink.js';

export interface NoticeQueueOptions {
  /** The sinks of the configuration with their secrets filled in: `readAlertSinks`. */
  configs: readonly AlertSinkConfig[];
  dataDirectory: string;
  log: { info: Log; warn: Log };
  now(): Date;
  /** Where people open the dashboard, for links; null where nobody knows. */
  dashboardUrl: string | null;
  /** Default: the driver of the sink's type. */
  open?: (config: AlertSinkConfig) => Promise<IncidentSink>;
  /** Resolves after so long, or when the signal says. Default: by the real clock. */
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Default Math.random. */
  random?: () => number;
  /** How long a driver may take before it counts as hanging. Default 30 seconds. */
  sendMilliseconds?: number;
  /** How long what is under way may take at the end. Default 3 seconds. */
  graceMilliseconds?: number;
  /** The file is made anew when it has grown by so much, and to twice what is needed. Default 1 MiB. */
  compactBytes?: number;
  /** How soon a full disk is tried again. Default 5 seconds. */
  saveAgainMilliseconds?: number;
}

/** Tells every sink what it is to be told, each from a place of its own, at least once. */
export interface NoticeQueue {
  /**
   * Takes a notice; resolves when it is on disk, or, should the disk be full, in memory alone (`problem`
   * tells). Never rejects. Key and link are made here. The same version of an incident again, or an
   * earlier one, is ignored. A muted incident's notice goes nowhere, but for the end of what was told.
   */
  push(notice: Pick<Notice, 'what' | 'at' | 'incident'>): Promise<void>;
  /** In the order of the configuration. */
  statuses(): SinkStatus[];
  /** Why notices are held in memory alone; null while they are not. */
  problem(): string | null;
  /** Sends a test notice at once, past the queue. Throws `unknown_sink`, with a suggestion. */
  trySink(name: string): Promise<SinkTrial>;
  /** Ends what is under way within a few seconds, whatever a sink does. */
  stop(): Promise<void>;
}

/** Incidents whose latest version is remembered. */
const mostVersions = 10_000;
/** Notices that a full disk keeps in memory, beyond those that sinks wait for. */
const mostUnsaved = 2_000;

/**
 * Opens the queue of notices before the sinks. A notice is appended to `alerts/notices.jsonl` before it
 * counts as taken; each sink has its place in `alerts/sinks/<name>.json`. So what was pushed is told after
 * a crash too, and what a sink had confirmed right before it may be told twice, with the same key. A sink
 * that is new hears of what is pushed from then on.
 */
export async function openNoticeQueue(options: NoticeQueueOptions): Promise<NoticeQueue> {
  const path = join(options.dataDirectory, 'alerts', 'notices.jsonl');
  const { file, kept, damaged, problem } = await NoticeFile.open(path);
  if (problem !== null) {
    options.log.warn({ reason: problem }, 'the file of notices cannot be read');
  }
  if (damaged > 0) {
    options.log.warn({ lines: damaged }, 'notices of incidents that a crash has cut were left out');
  }
  const places: SinkPlace[] = [];
  for (const { name } of options.configs) {
    places.push(await placeOf(name, kept.at(-1)?.sequence ?? 0, options));
  }
  return new FileNoticeQueue(options, file, kept, places);
}

async function placeOf(
  name: string,
  lastSequence: number,
  { dataDirectory, log }: NoticeQueueOptions,
): Promise<SinkPlace> {
  const path = placePath(dataDirectory, name);
  const place = readPlace(path);
  if (place === 'damaged') {
    log.warn({ sink: name, path }, "the sink's place cannot be read: what is kept is told again");
    return newPlace(0);
  }
  if (place !== 'new') return place;
  const begin = newPlace(lastSequence);
  // Where a new sink begins must not move with the next start.
  await writePlace(path, begin).catch((error: Error) =>
    log.warn({ sink: name, reason: error.message }, "the sink's place cannot be written"),
  );
  return begin;
}

class FileNoticeQueue implements NoticeQueue {
  readonly #options: NoticeQueueOptions;
  readonly #file: NoticeFile;
  readonly #deliveries: SinkDelivery[];
  /** By incident: the latest version that was pushed. */
  readonly #versions = new Map<string, number>();
  #sequence: number;
  #batch: KeptNotice[] = [];
  #unsaved: KeptNotice[] = [];
  #problem: string | null = null;
  #flushing: Promise<void> | null = null;
  #saveAgain: NodeJS.Timeout | null = null;
  #bytesNeeded = 0;
  #last: KeptNotice | null;

  constructor(
    options: NoticeQueueOptions,
    file: NoticeFile,
    kept: readonly KeptNotice[],
    places: readonly SinkPlace[],
  ) {
    this.#options = options;
    this.#file = file;
    this.#last = kept.at(-1) ?? null;
    // A file that was deleted must not give places away that sinks have passed.
    this.#sequence = Math.max(
      this.#last?.sequence ?? 0,
      ...places.flatMap(({ through, waiting }) => [through, ...waiting]),
    );
    for (const { notice } of kept) this.#remember(notice);
    this.#deliveries = options.configs.map(
      (config, index) =>
        new SinkDelivery({
          name: config.name,
          type: config.type,
          filter: config,
          mutes: config.type === 'alertmanager',
          place: places[index]!,
          placeFile: placePath(options.dataDirectory, config.name),
          kept,
          open: () => (options.open ?? openSink)(config),
          repeatMilliseconds: config.type === 'alertmanager' ? durationOf(config.repeat) : null,
          log: options.log,
          now: options.now,
          wait: options.wait ?? realWait,
          random: options.random ?? Math.random,
          sendMilliseconds: options.sendMilliseconds ?? 30_000,
          graceMilliseconds: options.graceMilliseconds ?? 3_000,
        }),
    );
  }

  push({ what, at, incident }: Pick<Notice, 'what' | 'at' | 'incident'>): Promise<void> {
    if (this.#deliveries.length === 0) return Promise.resolve();
    const known = this.#versions.get(incident.id);
    if (known !== undefined && incident.version <= known) {
      return this.#flushing ?? Promise.resolve();
    }
    const { dashboardUrl } = this.#options;
    const notice: Notice = {
      key: `${incident.id}:${incident.version}`,
      what,
      at,
      // Whoever pushes it goes on changing it.
      incident: structuredClone(incident),
      url:
        dashboardUrl === null
          ? null
          : `${dashboardUrl.replace(/\/+$/, '')}/incidents/${encodeURIComponent(incident.id)}`,
    };
    this.#remember(notice);
    this.#sequence += 1;
    this.#batch.push({ sequence: this.#sequence, notice });
    return this.#flush();
  }

  statuses(): SinkStatus[] {
    return this.#deliveries.map((delivery) => delivery.status());
  }

  problem(): string | null {
    return this.#problem;
  }

  async trySink(name: string): Promise<SinkTrial> {
    const { configs, dashboardUrl, now, open = openSink } = this.#options;
    const index = configs.findIndex((config) => config.name === name);
    const config = configs[index];
    if (config === undefined) {
      const names = configs.map((one) => one.name);
      throw new FarthingError(
        'unknown_sink',
        names.length === 0
          ? `There is no sink "${name}": \`alerts.sinks\` in the configuration has none.`
          : `There is no sink "${name}".${didYouMean(name, names)} The configuration has ${names.join(', ')}.`,
      );
    }
    const trial = await trySink(config, { dashboardUrl, now, open });
    if (trial.ok) this.#deliveries[index]!.retry();
    return trial;
  }

  async stop(): Promise<void> {
    if (this.#saveAgain !== null) clearTimeout(this.#saveAgain);
    await Promise.all([...this.#deliveries.map((delivery) => delivery.stop()), this.#flushing]);
    if (this.#unsaved.length > 0) await this.#flush();
    if (this.#saveAgain !== null) clearTimeout(this.#saveAgain);
    await this.#file.close();
  }

  /** What was pushed meanwhile is written together. */
  #flush(): Promise<void> {
    this.#flushing ??= this.#writeAll();
    return this.#flushing;
  }

  async #writeAll(): Promise<void> {
    do {
      const batch = this.#batch;
      this.#batch = [];
      await this.#save(batch);
      for (const kept of batch) {
        this.#last = kept;
        for (const delivery of this.#deliveries) delivery.take(kept);
      }
      await this.#compact();
    } while (this.#batch.length > 0);
    // At once: what is pushed from here on begins another round.
    this.#flushing = null;
  }

  async #save(batch: readonly KeptNotice[]): Promise<void> {
    const notices = [...this.#unsaved, ...batch];
    const { log } = this.#options;
    try {
      // An empty write too: it makes sure that nothing of a round happens before the next turn.
      await this.#file.append(notices);
      this.#unsaved = [];
      if (this.#problem !== null) log.info({}, 'notices of incidents are on disk again');
      this.#problem = null;
    } catch (error) {
      this.#unsaved = this.#bounded(notices);
      const { message } = error as Error;
      if (this.#problem === null) {
        log.warn({ reason: message }, 'notices of incidents are held in memory alone');
      }
      this.#problem = `notices are held in memory alone: ${message}`;
      this.#saveLater();
    }
  }

  #saveLater(): void {
    if (this.#saveAgain !== null) clearTimeout(this.#saveAgain);
    this.#saveAgain = setTimeout(() => {
      this.#saveAgain = null;
      void this.#flush();
    }, this.#options.saveAgainMilliseconds ?? 5_000);
    this.#saveAgain.unref();
  }

  #bounded(notices: KeptNotice[]): KeptNotice[] {
    if (notices.length <= mostUnsaved) return notices;
    const needed = this.#needed();
    return notices.filter(({ sequence }, index) => {
      const isNew = index >= notices.length - mostUnsaved / 2;
      return isNew || needed.has(sequence);
    });
  }

  async #compact(): Promise<void> {
    const { compactBytes = 1024 * 1024, log } = this.#options;
    if (this.#unsaved.length > 0 || this.#file.bytes < 2 * this.#bytesNeeded + compactBytes) return;
    const needed = this.#needed();
    // The last one says how far the numbers have got.
    if (this.#last !== null) needed.set(this.#last.sequence, this.#last);
    const inOrder = [...needed.values()].sort((a, b) => a.sequence - b.sequence);
    try {
      await this.#file.replace(inOrder);
    } catch (error) {
      log.warn({ reason: (error as Error).message }, 'the file of notices cannot be made smaller');
    }
    this.#bytesNeeded = this.#file.bytes;
  }

  #needed(): Map<number, KeptNotice> {
    const needed = new Map<number, KeptNotice>();
    for (const delivery of this.#deliveries) {
      for (const kept of delivery.needed()) needed.set(kept.sequence, kept);
    }
    return needed;
  }

  #remember({ incident }: Notice): void {
    this.#versions.delete(incident.id);
    this.#versions.set(incident.id, incident.version);
    for (const oldest of this.#versions.keys()) {
      if (this.#versions.size <= mostVersions) break;
      this.#versions.delete(oldest);
    }
  }
}

async function realWait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
