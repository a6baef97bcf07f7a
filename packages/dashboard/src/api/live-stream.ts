import type { CallRow, Incident, LiveEvent } from '@farthing/core';

export type LiveState =
  | { status: 'connecting' }
  | { status: 'open' }
  /** Broken off; the next attempt is at `retryAt` (milliseconds since 1970). */
  | { status: 'waiting'; retryAt: number };

/** What the stream asks of the browser, so that tests can stand in for it. */
export interface LiveStreamPorts {
  open(path: string): EventSource;
  now(): number;
  setTimer(run: () => void, milliseconds: number): number;
  clearTimer(timer: number): void;
}

/** Longer than two heartbeats: a stream this quiet is dead even when the socket looks open. */
const silenceLimit = 40_000;
const longestWait = 30_000;

/**
 * The live stream with an honest state. `EventSource` alone reconnects silently and never notices a
 * half-open socket; this closes it, says so, and retries after 1, 2, 4 … 30 seconds.
 */
export class LiveStream {
  state: LiveState = { status: 'connecting' };
  #source: EventSource | null = null;
  #timer: number | null = null;
  #silence: number | null = null;
  #failures = 0;
  readonly #stateListeners = new Set<() => void>();
  readonly #callListeners = new Set<(calls: CallRow[], omitted: number) => void>();
  readonly #incidentListeners = new Set<(incident: Incident) => void>();
  readonly #path: string;
  readonly #ports: LiveStreamPorts;

  constructor(path: string, ports: LiveStreamPorts) {
    this.#path = path;
    this.#ports = ports;
  }

  readonly connect = (): void => {
    this.#drop();
    this.#become({ status: 'connecting' });
    const source = this.#ports.open(this.#path);
    this.#source = source;
    source.addEventListener('open', this.#alive);
    source.addEventListener('error', this.#failed);
    source.addEventListener('heartbeat', this.#alive);
    source.addEventListener('calls', (message) => {
      this.#alive();
      const event = JSON.parse((message as MessageEvent<string>).data) as LiveEvent;
      if (event.type !== 'calls') return;
      for (const listener of this.#callListeners) listener(event.calls, event.omitted);
    });
    source.addEventListener('incident', (message) => {
      this.#alive();
      const event = JSON.parse((message as MessageEvent<string>).data) as LiveEvent;
      if (event.type !== 'incident') return;
      for (const listener of this.#incidentListeners) listener(event.incident);
    });
    this.#watchSilence();
  };

  close(): void {
    this.#drop();
  }

  readonly onState = (listener: () => void): (() => void) => {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  };

  readonly onCalls = (listener: (calls: CallRow[], omitted: number) => void): (() => void) => {
    this.#callListeners.add(listener);
    return () => this.#callListeners.delete(listener);
  };

  readonly onIncident = (listener: (incident: Incident) => void): (() => void) => {
    this.#incidentListeners.add(listener);
    return () => this.#incidentListeners.delete(listener);
  };

  readonly #alive = (): void => {
    this.#failures = 0;
    if (this.state.status !== 'open') this.#become({ status: 'open' });
    this.#watchSilence();
  };

  readonly #failed = (): void => {
    this.#drop();
    const wait = Math.min(longestWait, 1000 * 2 ** this.#failures);
    this.#failures += 1;
    this.#become({ status: 'waiting', retryAt: this.#ports.now() + wait });
    this.#timer = this.#ports.setTimer(this.connect, wait);
  };

  #watchSilence(): void {
    if (this.#silence !== null) this.#ports.clearTimer(this.#silence);
    this.#silence = this.#ports.setTimer(this.#failed, silenceLimit);
  }

  #drop(): void {
    this.#source?.close();
    this.#source = null;
    for (const timer of [this.#timer, this.#silence])
      if (timer !== null) this.#ports.clearTimer(timer);
    this.#timer = this.#silence = null;
  }

  #become(state: LiveState): void {
    this.state = state;
    for (const listener of this.#stateListeners) listener();
  }
}
