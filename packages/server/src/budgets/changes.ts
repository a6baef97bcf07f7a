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

/**
 * All changes in the order in which they were recorded, each once: gateways of other machines add
 * theirs later. A line that cannot be used is left out and told; the others hold.
 */
export function parseChanges(text: string): { changes: BudgetChange[]; problems: string[] } {
  const changes: BudgetChange[] = [];
  const problems: string[] = [];
  const lines = text.split('\n');
  // What follows the last newline is still being written, or torn.
  const last = lines.pop() ?? '';
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const change = parseChange(line);
    if (change === null) problems.push(`changes.jsonl, line ${index + 1} cannot be used`);
    else changes.push(change);
  }
  const torn = last.trim() === '' ? null : parseChange(last);
  if (torn !== null) changes.push(torn);
  const byId = new Map(changes.map((change) => [change.id ?? change, change]));
  const ordered = [...byId.values()].toSorted((a, b) => timeOf(a) - timeOf(b));
  return { changes: ordered, problems };
}

function timeOf({ recorded_at: at }: BudgetChange): number {
  return Date.parse(at);
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
