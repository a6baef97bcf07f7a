import {
  formatUsd,
  parseUsdRounded,
  RepeatFinder,
  runDepth,
  RunGuard,
  runOf,
  type Entry,
  type RunAlarm,
  type RunCeilings,
  type RunGuardState,
  type RunReason,
  type Tags,
} from '@farthing/core';
import type { SentRequest } from './prompt-auditor.js';
import { runCause } from './run-cause.js';
import { JsonBytes } from './scan-json.js';
import { turnHash } from './turn-hash.js';

export interface RunWatchSettings {
  mode: 'tell' | 'stop' | 'off';
  /** How long a run stays stopped. */
  milliseconds: number;
  ceilings: RunCeilings;
  /** By feature: another mode or other ceilings. */
  features: ReadonlyMap<string, { mode?: RunWatchSettings['mode']; ceilings?: RunCeilings }>;
}

/** A run that ran away, and what was done about it. */
export interface JudgedRun {
  run: string;
  reason: RunReason;
  done: 'told' | 'stopped';
}

export interface RunWatchParts {
  settings: RunWatchSettings;
  /** The data directory's. */
  secret: Buffer;
  /** Refuses the run's calls from now on. Milliseconds since the epoch. */
  stop(order: { run: string; cause: string; until: number }): void;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** What is not to be forgotten when the gateway starts anew: what runs are like, and those that are open. */
export interface RunWatchMemory {
  groups: (readonly [group: string, guard: RunGuardState])[];
  runs: [run: string, known: RememberedRun][];
}

export interface RememberedRun {
  group: string;
  /** USD as a decimal string. */
  spent: string;
  unpriced: number;
  told: string | null;
  stopped_until: number | null;
  last: number;
}

interface WatchedRun {
  group: string;
  spent: bigint;
  unpriced: number;
  /** What is said to its callers since it ran away; null before. */
  told: string | null;
  stoppedUntil: number | null;
  last: number;
}

/** Of features; those whose runs are silent longest are learned anew. */
const mostGroups = 200;
const mostRuns = 10_000;
/** Runs that this gateway keeps stopped at a time: each is a line of a file and a place in memory. */
const mostStopped = 1_000;
/** A run that has been silent for so long is not written down: it has ended. */
const idle = 30 * 60_000;

/**
 * Watches the runs whose calls pass here, after each call has ended and nobody waits for it: what it judges
 * holds for the next call. Runs are those of the tag `run`, else of `session`; each feature has its own
 * idea of what is usual.
 */
export class RunWatch {
  readonly #parts: RunWatchParts;
  readonly #finder: RepeatFinder;
  readonly #guards = new Map<string, RunGuard>();
  readonly #runs = new Map<string, WatchedRun>();
  /** Those that it stopped, and until when. */
  readonly #stops = new Map<string, number>();
  /** Runs of which callers are to be told; most of the time there are none. */
  #told = 0;
  #changed = false;

  constructor(parts: RunWatchParts) {
    this.#parts = parts;
    this.#finder = new RepeatFinder(turnHash(parts.secret));
  }

  /** What is to be said to the caller of this run; undefined where all is well. */
  warning(tags: Tags): string | undefined {
    if (this.#told === 0) return undefined;
    const run = runOf(tags);
    return run === undefined ? undefined : (this.#runs.get(run)?.told ?? undefined);
  }

  /**
   * Looks at a call that has ended: notes in its entry how often its last turn was said before. Returns
   * what was judged, once for each run.
   */
  ended(entry: Entry, sent: SentRequest | null): JudgedRun | null {
    const run = runOf(entry.tags);
    if (run === undefined) return null;
    const group = entry.tags.feature ?? entry.tags.agent ?? '';
    const own = this.#parts.settings.features.get(group);
    const mode = own?.mode ?? this.#parts.settings.mode;
    // What the provider did not bill (an outage, a limit) is no spending, however often it is tried.
    if (mode === 'off' || entry.cost.status === 'not_billed') return null;
    const repeats = this.#repeats(run, sent);
    if (repeats !== undefined) entry.repeats = repeats;
    const watched = this.#watched(run, group, entry);
    const guard = this.#guard(group);
    const startedAt = Date.parse(entry.started_at);
    if (watched.stoppedUntil !== null && startedAt >= watched.stoppedUntil) this.released(run);
    const depth = runDepth(entry.tags);
    const alarm = guard.observe({
      at: startedAt,
      run,
      cost: entry.cost.usd === null ? null : Number(entry.cost.usd),
      repeated: (repeats ?? 0) > 0,
      ...(depth === undefined ? {} : { depth }),
    });
    this.#changed = true;
    return alarm === null || alarm.again ? null : this.#judged(alarm, watched, mode);
  }

  /** A person lets the run go on, or its time is over: it is not judged again before it has twice as much. */
  released(run: string): void {
    const watched = this.#runs.get(run);
    if (watched === undefined) return;
    this.#guards.get(watched.group)?.pardon(run);
    if (watched.told !== null) this.#told -= 1;
    watched.told = null;
    watched.stoppedUntil = null;
    this.#stops.delete(run);
    this.#changed = true;
  }

  /** Whether there is something new to remember since this was last asked. */
  takeChanged(): boolean {
    const changed = this.#changed;
    this.#changed = false;
    return changed;
  }

  /** What is to be remembered of each group, made when it is asked for: all at once it would be long work. */
  groupMemories(): (() => readonly [group: string, guard: RunGuardState])[] {
    return [...this.#guards].map(
      ([group, guard]) =>
        () =>
          [group, guard.toJSON()] as const,
    );
  }

  runMemories(): RunWatchMemory['runs'] {
    const since = this.#parts.now() - idle;
    return [...this.#runs]
      .filter(([, { last, stoppedUntil }]) => last > since || (stoppedUntil ?? 0) > since)
      .map(([run, { spent, stoppedUntil, ...rest }]) => [
        run,
        { ...rest, spent: formatUsd(spent), stopped_until: stoppedUntil },
      ]);
  }

  /** Takes up what a predecessor knew; before the first call. */
  recall({ groups, runs }: RunWatchMemory): void {
    for (const [group, state] of groups) {
      this.#guards.set(group, new RunGuard(state, this.#ceilings(group)));
    }
    for (const [run, { spent, stopped_until: stoppedUntil, ...rest }] of runs) {
      this.#runs.set(run, { ...rest, spent: parseUsdRounded(spent), stoppedUntil });
      if (rest.told !== null) this.#told += 1;
    }
  }

  #repeats(run: string, sent: SentRequest | null): number | undefined {
    const values = sent?.scanned?.values;
    const list = values?.get('messages') ?? values?.get('contents') ?? values?.get('input');
    if (sent === null || list === undefined) return undefined;
    return this.#finder.repeats(run, new JsonBytes(sent.body), list);
  }

  #judged(alarm: RunAlarm, watched: WatchedRun, mode: RunWatchSettings['mode']): JudgedRun {
    const { settings, stop, now } = this.#parts;
    const { run, reason } = alarm;
    const cause = runCause(alarm, watched);
    if (watched.told === null) this.#told += 1;
    watched.told = `this run goes on as others do not: ${cause}`;
    const stops = mode === 'stop' && this.#stopped(now()) < mostStopped;
    if (stops) {
      const until = now() + settings.milliseconds;
      watched.stoppedUntil = until;
      this.#stops.set(run, until);
      stop({ run, cause, until });
    }
    return { run, reason, done: stops ? 'stopped' : 'told' };
  }

  /** How many runs this gateway keeps stopped now. */
  #stopped(now: number): number {
    // In the order of their ends: all are equally long.
    for (const [run, until] of this.#stops) {
      if (until > now) break;
      this.#stops.delete(run);
    }
    return this.#stops.size;
  }

  #watched(run: string, group: string, { cost, ended_at: endedAt }: Entry): WatchedRun {
    let watched = this.#runs.get(run);
    if (watched === undefined) {
      watched = { group, spent: 0n, unpriced: 0, told: null, stoppedUntil: null, last: 0 };
      if (this.#runs.size >= mostRuns) this.#forget();
    } else this.#runs.delete(run);
    // Last in the map is the one that called last.
    this.#runs.set(run, watched);
    watched.group = group;
    watched.last = Date.parse(endedAt);
    if (cost.usd === null) watched.unpriced += 1;
    else watched.spent += parseUsdRounded(cost.usd);
    return watched;
  }

  #forget(): void {
    const [oldest] = this.#runs;
    if (oldest === undefined) return;
    this.#runs.delete(oldest[0]);
    if (oldest[1].told !== null) this.#told -= 1;
  }

  #guard(group: string): RunGuard {
    let guard = this.#guards.get(group);
    if (guard === undefined) guard = new RunGuard(undefined, this.#ceilings(group));
    else this.#guards.delete(group);
    this.#guards.set(group, guard);
    if (this.#guards.size > mostGroups) this.#guards.delete(this.#guards.keys().next().value!);
    return guard;
  }

  #ceilings(group: string): RunCeilings {
    const { ceilings, features } = this.#parts.settings;
    return { ...ceilings, ...features.get(group)?.ceilings };
  }
}
