import type { Entry, OpenedLine } from '@farthing/core';
import { sayOnce } from '../platform.js';
import type { Opening, Sink, SinkReport } from './sink.js';

/** All sinks of an application as one. What one of them does wrong stays with it. */
export class SinkSet {
  readonly #sinks: readonly Sink[];
  readonly #failed = new Map<Sink, number>();

  constructor(sinks: readonly Sink[]) {
    this.#sinks = sinks;
  }

  /** Whether no sink needs a call before it has left, or an entry as its call ends. */
  get inBatches(): boolean {
    return this.#sinks.every((sink) => sink.inBatches === true && sink.opened === undefined);
  }

  /** Null where no sink has to be waited for. */
  opened(line: OpenedLine): Opening | null {
    let only: Opening | null = null;
    let more: Opening[] | null = null;
    for (const sink of this.#sinks) {
      const opening = this.#guard(sink, () => sink.opened?.(line) ?? null);
      if (opening == null) continue;
      if (only === null) only = opening;
      else (more ??= [only]).push(opening);
    }
    return more === null ? only : all(more);
  }

  withdrawn(id: string): void {
    for (const sink of this.#sinks) this.#guard(sink, () => sink.withdrawn?.(id));
  }

  write(entry: Entry): void {
    for (const sink of this.#sinks) {
      try {
        sink.write(entry);
      } catch (error) {
        this.#hasFailed(sink, error);
      }
    }
  }

  async flush(): Promise<void> {
    await Promise.allSettled(this.#sinks.map((sink) => sink.flush()));
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#sinks.map((sink) => sink.close()));
  }

  /** What became of the entries, by sink. */
  report(): Record<string, SinkReport> {
    const reports: Record<string, SinkReport> = {};
    for (const sink of this.#sinks) {
      const { written, delivered, dropped, failure } = sink.report;
      const failed = this.#failed.get(sink) ?? 0;
      let name = sink.name;
      for (let number = 2; name in reports; number++) name = `${sink.name}-${number}`;
      reports[name] = { written: written + failed, delivered, dropped: dropped + failed, failure };
    }
    return reports;
  }

  /** A sink that breaks the rule and throws loses its entry; the call and the other sinks do not notice. */
  #guard<Result>(sink: Sink, work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      this.#hasFailed(sink, error);
      return undefined;
    }
  }

  #hasFailed(sink: Sink, error: unknown): void {
    this.#failed.set(sink, (this.#failed.get(sink) ?? 0) + 1);
    sayOnce(`the sink "${sink.name}" failed: ${(error as Error).message}`);
  }
}

function all(openings: readonly Opening[]): Opening {
  return {
    get isRecorded() {
      return openings.every((opening) => opening.isRecorded);
    },
    recorded: async () => {
      await Promise.all(openings.map((opening) => opening.recorded()));
    },
  };
}
