import type { Entry } from '@farthing/core';
import { aggregateTag, aggregateValue } from './kinds/usage-report.js';

/** Days as `provider 2026-03-01`, by UTC. */
export interface Coverage {
  /** Of which the books have calls. */
  calls: ReadonlySet<string>;
  /** Of which the books have a provider's sums. */
  reports: ReadonlySet<string>;
}

const hour = 3_600_000;

/**
 * Sums of a day and the calls of that day are the same money: the books take one of the two. Whichever
 * came first stays, and the other is left out and said.
 */
export class CoveredDays {
  readonly #ask: (() => Promise<Coverage>) | undefined;
  #coverage: Coverage | null = null;
  readonly #reports = new Set<string>();
  readonly #calls = new Set<string>();

  constructor(ask: (() => Promise<Coverage>) | undefined) {
    this.#ask = ask;
  }

  async covers(entry: Entry): Promise<boolean> {
    if (this.#ask === undefined) return false;
    this.#coverage ??= await this.#ask();
    const day = `${entry.provider} ${entry.started_at.slice(0, 10)}`;
    if (isReport(entry)) {
      if (!this.#coverage.calls.has(day)) return false;
      this.#reports.add(day);
      return true;
    }
    if (entry.kind !== 'call' || !this.#coverage.reports.has(day)) return false;
    this.#calls.add(day);
    return true;
  }

  /** Whether the books have calls of the entry's provider on its day, or of one that ended as it began. */
  async hasCallsBeside(entry: Entry): Promise<boolean> {
    if (this.#ask === undefined) return false;
    this.#coverage ??= await this.#ask();
    const started = Date.parse(entry.started_at);
    return [started - hour, started, started + hour].some((time) =>
      this.#coverage!.calls.has(`${entry.provider} ${new Date(time).toISOString().slice(0, 10)}`),
    );
  }

  notes(): string[] {
    const notes: string[] = [];
    if (this.#reports.size > 0) {
      notes.push(
        `Sums of ${daysOf(this.#reports)} are left out: the books have that provider's calls of that time.`,
      );
    }
    if (this.#calls.size > 0) {
      notes.push(
        `Calls of ${daysOf(this.#calls)} are left out: the books have that provider's own sums of that time (tag aggregate=usage-report).`,
      );
    }
    return notes;
  }
}

function isReport(entry: Entry): boolean {
  return entry.tags.custom?.[aggregateTag] === aggregateValue;
}

function daysOf(days: ReadonlySet<string>): string {
  const sorted = [...days].map((day) => day.slice(day.lastIndexOf(' ') + 1)).sort();
  if (days.size === 1) return sorted[0]!;
  return `${days.size} days from ${sorted[0]!} to ${sorted.at(-1)!}`;
}
