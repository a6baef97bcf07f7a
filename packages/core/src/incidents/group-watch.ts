import {
  GroupMonitor,
  SilenceDetector,
  VolumeDetector,
  type GroupState,
  type RunCeilings,
  type SilenceState,
  type VolumeState,
} from '../detect/index.js';
import { signalOfFinding, signalOfSilence, signalOfVolume, type Signal } from './signal.js';
import { dayLength, SpendRecord } from './spend-record.js';
import type { SpendRows, SpendState } from './spend-state.js';
import type { WatchedCall } from './watched-call.js';

export interface GroupWatchState {
  group: Record<string, string>;
  provider: string;
  model: string;
  day: number;
  live: boolean;
  monitor: GroupState;
  volume: VolumeState;
  silence: SilenceState;
  /** Rows where an earlier Farthing wrote it. */
  spend: SpendState | SpendRows;
}

/** What was found, before it is decided how it is told. */
export type Found = Omit<Signal, 'mode'>;

/** Everything that watches one group of calls. */
export class GroupWatch {
  readonly group: Record<string, string>;
  readonly spend: SpendRecord;
  /** Of its last call. */
  provider: string;
  model: string;
  readonly #ceilings: RunCeilings;
  #monitor: GroupMonitor;
  readonly #volume: VolumeDetector;
  readonly #silence: SilenceDetector;
  #day: number;
  /** Whether any of its calls has come as it was made: how many there are is not known of history alone. */
  #live: boolean;

  /** @param ceilings what no run of the group may go beyond. */
  constructor(group: Record<string, string>, state?: GroupWatchState, ceilings: RunCeilings = {}) {
    this.group = group;
    this.provider = state?.provider ?? '';
    this.model = state?.model ?? '';
    this.spend = new SpendRecord(state?.spend);
    this.#ceilings = ceilings;
    this.#monitor = new GroupMonitor(state?.monitor, ceilings);
    this.#volume = new VolumeDetector(state?.volume);
    this.#silence = new SilenceDetector(state?.silence);
    this.#day = state?.day ?? 0;
    this.#live = state?.live ?? false;
  }

  toJSON(): GroupWatchState {
    return {
      group: this.group,
      provider: this.provider,
      model: this.model,
      day: this.#day,
      live: this.#live,
      monitor: this.#monitor.toJSON(),
      volume: this.#volume.toJSON(),
      silence: this.#silence.toJSON(),
      spend: this.spend.toJSON(),
    };
  }

  get isSilent(): boolean {
    return this.#silence.current !== null;
  }

  get isOfUnusualVolume(): boolean {
    return this.#volume.current !== null;
  }

  /** Adds a call; `judged`: false for history, which is learnt from alone. `now`: milliseconds since 1970. */
  observe(call: WatchedCall, judged: boolean, now: number): Found[] {
    const { observed } = call;
    const at = Math.min(observed.at, now);
    this.#heedClock(at, now);
    this.provider = call.provider;
    this.model = call.model;
    this.spend.add(call, at);
    const found = this.#monitor
      .observe(observed, judged, now)
      .map((finding) => signalOfFinding(finding, this.spend));
    const volume = this.#volume.observe(observed.at, judged && this.#live, now);
    if (volume !== null) found.push(signalOfVolume(volume, at));
    this.#silence.observe(observed.at, now);
    this.#live ||= judged;
    return found;
  }

  /** Lets time pass until `now`. */
  tick(now: number): Found[] {
    const found: Found[] = [];
    if (!this.#live) return found;
    const volume = this.#volume.tick(now);
    if (volume !== null) found.push(signalOfVolume(volume, now));
    const silence = this.#silence.tick(now);
    if (silence !== null) found.push(signalOfSilence(silence, now));
    return found;
  }

  /**
   * A clock that had run ahead ended days too soon. When it is right again, calls would count as late for
   * as long as it was wrong: the day is set back instead, with what has been learnt.
   */
  #heedClock(at: number, now: number): void {
    const today = Math.floor(now / dayLength);
    if (this.#day > today && Number.isFinite(now)) {
      const state = { ...this.#monitor.toJSON(), day: today };
      this.#monitor = new GroupMonitor(state, this.#ceilings);
      this.#day = today;
    }
    this.#day = Math.max(this.#day, Math.floor(at / dayLength));
  }
}
