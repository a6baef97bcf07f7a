import { readFileSync } from 'node:fs';
import type { BudgetChange } from '@farthing/core';

export type { BudgetChange, StatedLimits } from '@farthing/core';

/** A change before it is recorded: whoever records it says who, when, and gives it an id. */
export type WithoutRecord = BudgetChange extends infer Change
  ? Change extends BudgetChange
    ? Omit<Change, 'id' | 'recorded_at' | 'recorded_by'>
    : never
  : never;

const kinds: ReadonlySet<unknown> = new Set([
  'set',
  'remove',
  'pause',
  'resume',
  'raise',
  'trip',
  'reset',
  'restrict',
  'lift',
  'stop_run',
  'release_run',
]);

/** What a change is about: a line without it cannot be used. */
const subjects: Partial<Record<BudgetChange['do'], string>> = {
  set: 'budget',
  trip: 'breaker',
  reset: 'breaker',
  restrict: 'scope',
  lift: 'restriction',
  stop_run: 'run',
  release_run: 'run',
};
/** What says when a change ends by itself: without it, nobody would know. */
const ending: ReadonlySet<unknown> = new Set(['restrict', 'stop_run']);

/** A change with the time by which changes are put in their order. */
interface TimedChange {
  change: BudgetChange;
  at: number;
}

/**
 * All changes in the order in which they were recorded, each once: gateways of other machines add
 * theirs later. A line that cannot be used is left out and told; the others hold. The file only grows,
 * and what was read once is not parsed again: every stopped run is a line.
 */
export class ChangesReader {
  #parsed = '';
  #lines = 0;
  #known = new Map<string, TimedChange>();
  #problems: string[] = [];

  read(text: string): { changes: BudgetChange[]; problems: string[] } {
    if (!text.startsWith(this.#parsed)) this.#begin();
    // What follows the last newline is still being written, or torn.
    const end = text.lastIndexOf('\n') + 1;
    if (end > this.#parsed.length) {
      this.#parse(text.slice(this.#parsed.length, end));
      this.#parsed = text.slice(0, end);
    }
    const all = new Map(this.#known);
    const torn = parseChange(text.slice(end));
    if (torn !== null) add(all, torn);
    const ordered = [...all.values()].toSorted((a, b) => a.at - b.at);
    return { changes: ordered.map(({ change }) => change), problems: this.#problems };
  }

  /** Somebody has put another file in its place. */
  #begin(): void {
    this.#parsed = '';
    this.#lines = 0;
    this.#known = new Map();
    this.#problems = [];
  }

  #parse(text: string): void {
    const lines = text.split('\n');
    lines.pop();
    for (const line of lines) {
      this.#lines += 1;
      if (line.trim() === '') continue;
      const change = parseChange(line);
      if (change !== null) add(this.#known, change);
      else {
        const problem = `changes.jsonl, line ${this.#lines} cannot be used`;
        this.#problems = [...this.#problems, problem];
      }
    }
  }
}

/** A line that was made by hand may have no id: it is what it says. */
function add(changes: Map<string, TimedChange>, change: BudgetChange): void {
  const at = Date.parse(change.recorded_at);
  changes.set(change.id ?? JSON.stringify(change), { change, at });
}

function parseChange(line: string): BudgetChange | null {
  try {
    const value = JSON.parse(line) as Partial<BudgetChange> | null;
    if (typeof value !== 'object' || value === null || !kinds.has(value.do)) return null;
    if (typeof value.recorded_at !== 'string' || Number.isNaN(Date.parse(value.recorded_at))) {
      return null;
    }
    const change = value as Record<string, unknown> & BudgetChange;
    const subject = change[subjects[change.do] ?? 'name'];
    if (subject === undefined || subject === null) return null;
    const { until } = change as { until?: unknown };
    return ending.has(change.do) && Number.isNaN(Date.parse(String(until))) ? null : change;
  } catch {
    return null;
  }
}

/** The file's text; nothing where there is none yet. */
export function readChangesText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
