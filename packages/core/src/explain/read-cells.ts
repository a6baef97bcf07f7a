import { parseUsd, type Picodollars } from '../money.js';
import type { Dimension, Measure, QueryRow } from '../report/query.js';
import { emptyCell, tokenKinds, type Cell, type CellKey, type TokenKind } from './cell.js';

/** What {@link readCells} takes of every row, beside the leading dimension. */
export const cellDimensions = ['provider', 'model', 'api', 'cost_status'] as const;

/** What it makes do with, where a question has to be answered from the roll-up by tenant. */
export const plainDimensions = ['provider', 'model'] as const;

/** All sums, so that roll-ups can answer. `cost` first: where rows are cut off, the largest stay. */
export const cellMeasures: readonly Measure[] = [
  'cost',
  'calls',
  'errors',
  'retries',
  'unpriced_calls',
  'cost_input_uncached',
  'cost_cache_read',
  'cost_cache_write',
  'cost_output',
  'tokens_input_uncached',
  'tokens_cache_read',
  'tokens_cache_write',
  'tokens_output',
];

export interface KeyedCell {
  key: CellKey;
  cell: Cell;
}

/**
 * The rows of one window as cells, by the text of their key.
 *
 * What is billed: calls with a price, and calls that ought to have one. What the provider does not bill
 * (`not_billed`: failures, free requests) is no attempt here, because it costs nothing. Rows tell how many
 * retries there were and how many attempts failed for free, not which belong together; every free failure
 * is taken to be the reason of one retry, and only further retries count as repeating what was billed.
 */
export function readCells(rows: readonly QueryRow[], by: Dimension): Map<string, KeyedCell> {
  const drafts = new Map<string, Draft>();
  for (const row of rows) {
    const key = keyOf(row, by);
    const text = cellKeyText(key);
    let draft = drafts.get(text);
    if (draft === undefined) drafts.set(text, (draft = newDraft(key)));
    addRow(draft, row);
  }
  return new Map([...drafts].map(([text, draft]) => [text, finish(draft)]));
}

/** One text for each cell, to find it in another window. */
export function cellKeyText({ group, provider, model, template }: CellKey): string {
  return JSON.stringify([group, provider, model, template ?? null]);
}

interface Draft {
  key: CellKey;
  cell: Cell;
  retries: number;
  freeFailures: number;
  /** Calls that lack a cost after all adjustments. */
  unpriced: number;
  /** Calls that were booked without a cost, and their tokens. */
  late: { calls: number; tokens: Record<TokenKind, number> };
}

function newDraft(key: CellKey): Draft {
  const cell = emptyCell();
  const late = { calls: 0, tokens: { ...cell.tokens } };
  return { key, cell, retries: 0, freeFailures: 0, unpriced: 0, late };
}

function addRow(draft: Draft, row: QueryRow): void {
  const { cell, late } = draft;
  const calls = count(row, 'calls');
  const status = row['cost_status'];
  if (row['api'] === 'manual') {
    cell.stated += amount(row, 'cost');
    return;
  }
  draft.unpriced += count(row, 'unpriced_calls');
  if (status === undefined) return addPlainRow(draft, row);
  draft.retries += count(row, 'retries');
  if (status === 'not_billed') draft.freeFailures += count(row, 'errors');
  else cell.attempts += calls;

  const isPriced = status === 'priced' || status === 'partial';
  if (!isPriced && status !== 'not_billed') late.calls += calls;
  addAmounts(cell, isPriced ? cell.tokens : late.tokens, row);
}

/** Of a row that does not tell costs apart by status: failures are taken to be free, as nearly all are. */
function addPlainRow(draft: Draft, row: QueryRow): void {
  const { cell } = draft;
  const failures = count(row, 'errors');
  draft.freeFailures += failures;
  draft.retries += count(row, 'retries');
  cell.attempts += Math.max(0, count(row, 'calls') - failures);
  addAmounts(cell, cell.tokens, row);
}

function addAmounts(cell: Cell, tokens: Record<TokenKind, number>, row: QueryRow): void {
  let explained = 0n;
  for (const kind of tokenKinds) {
    tokens[kind] += count(row, tokenMeasures[kind]);
    const part = amount(row, costMeasures[kind]);
    cell.cost[kind] += part;
    explained += part;
  }
  cell.other += amount(row, 'cost') - explained;
}

/**
 * A call that was booked without a price and got one later has its tokens in one row and its cost in
 * another. Its tokens belong to what is priced, in proportion where only some of such calls got one.
 */
function finish({ key, cell, retries, freeFailures, unpriced, late }: Draft): KeyedCell {
  const unknown = Math.min(Math.max(0, unpriced), cell.attempts);
  cell.priced = cell.attempts - unknown;
  const priced = late.calls === 0 ? 0 : Math.max(0, (late.calls - unknown) / late.calls);
  for (const kind of tokenKinds) {
    cell.tokens[kind] = Math.max(0, cell.tokens[kind] + late.tokens[kind] * priced);
  }
  const repeated = Math.max(0, retries - freeFailures);
  cell.served = repeated < cell.attempts ? cell.attempts - repeated : cell.attempts;
  if (cell.attempts === 0) {
    // An adjustment whose call is not among these rows is an amount like any other.
    cell.stated += cell.other + tokenKinds.reduce((sum, kind) => sum + cell.cost[kind], 0n);
    return { key, cell: { ...emptyCell(), stated: cell.stated } };
  }
  return { key, cell };
}

function keyOf(row: QueryRow, by: Dimension): CellKey {
  return {
    group: text(row, by),
    provider: text(row, 'provider'),
    model: text(row, 'model'),
    template: 'template_version' in row ? text(row, 'template_version') : undefined,
  };
}

const tokenMeasures: Record<TokenKind, Measure> = {
  uncached: 'tokens_input_uncached',
  cache_read: 'tokens_cache_read',
  cache_write: 'tokens_cache_write',
  output: 'tokens_output',
};

const costMeasures: Record<TokenKind, Measure> = {
  uncached: 'cost_input_uncached',
  cache_read: 'cost_cache_read',
  cache_write: 'cost_cache_write',
  output: 'cost_output',
};

function text(row: QueryRow, name: string): string | null {
  const value = row[name];
  return value == null ? null : String(value);
}

function count(row: QueryRow, name: string): number {
  return Number(row[name] ?? 0);
}

function amount(row: QueryRow, name: string): Picodollars {
  const value = row[name];
  return value == null ? 0n : parseUsd(String(value));
}
