import { vi } from 'vitest';

interface Sleeper {
  at: number;
  wake(): void;
}

/** A clock that goes on only as far as a test says, whatever the machine does meanwhile. */
export class SimulatedClock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(start = '2026-11-23T14:00:00Z') {
    this.#now = Date.parse(start);
  }

  now = (): Date => new Date(this.#now);

  wait = (milliseconds: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const sleeper: Sleeper = {
        at: this.#now + milliseconds,
        wake: () => {
          this.#sleepers.delete(sleeper);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', sleeper.wake, { once: true });
    });

  /** Resolves when so many wait: whoever is at work has come to rest. */
  async rest(sleepers = 1): Promise<void> {
    await vi.waitFor(
      () => {
        if (this.#sleepers.size < sleepers) throw new Error('something is still at work');
      },
      { timeout: 10_000, interval: 1 },
    );
  }

  /** Lets time pass: whoever waits is woken when its time comes, and comes to rest before time goes on. */
  async pass(milliseconds: number, sleepers = 1): Promise<void> {
    const end = this.#now + milliseconds;
    await this.rest(sleepers);
    for (;;) {
      const next = [...this.#sleepers].sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await this.rest(sleepers);
    }
    this.#now = end;
  }
}
