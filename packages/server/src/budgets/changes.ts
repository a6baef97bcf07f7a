import { readFileSync } from 'node:fs';
import type { BudgetChange } from '@farthing/core';

export type { BudgetChange, StatedLimits } from '@farthing/core';

const kinds: ReadonlySet<unknown> = new Set([
  'set',
  'remove',
  'pause',
  'resume',
  'raise',
  'trip',
  'reset',
]);

/** All changes in their order. A line that cannot be used is left out and told; the others hold. */
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
  return { changes, problems };
}

function parseChange(line: string): BudgetChange | null {
  try {
    const value = JSON.parse(line) as Partial<BudgetChange> | null;
    if (typeof value !== 'object' || value === null || !kinds.has(value.do)) return null;
    if (typeof value.recorded_at !== 'string' || Number.isNaN(Date.parse(value.recorded_at))) {
      return null;
    }
    const subject =
      'budget' in value ? value.budget : 'breaker' in value ? value.breaker : 'name' in value;
    return subject === undefined || subject === false ? null : (value as BudgetChange);
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
