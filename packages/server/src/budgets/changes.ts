import { readFileSync } from 'node:fs';

interface ChangeLine {
  id: string;
  recorded_at: string;
  recorded_by: string;
  note?: string;
}

/** Limits as they are written: USD as a decimal string, tokens and calls as whole numbers. */
export interface StatedLimits {
  usd?: string;
  tokens?: number;
  calls?: number;
}

/** What somebody changed. Lines are never changed or removed: the file is the history. */
export type BudgetChange = ChangeLine &
  (
    | { do: 'set'; budget: Record<string, unknown> }
    | { do: 'remove' | 'pause' | 'resume'; name: string }
    /** Holds until the window ends; for ever where a total has no end. */
    | { do: 'raise'; name: string; limit: StatedLimits; until: string | null }
    | { do: 'trip'; breaker: string; key?: string; cause: string; until: string }
    | { do: 'reset'; breaker: string; key?: string }
  );

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
