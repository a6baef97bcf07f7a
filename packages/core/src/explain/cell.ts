import type { Picodollars } from '../money.js';

/** The kinds of tokens that have a price of their own, as costs are split by them. */
export const tokenKinds = ['uncached', 'cache_read', 'cache_write', 'output'] as const;
export type TokenKind = (typeof tokenKinds)[number];

/** What identifies the calls of a cell: who asked, what answered, with which prompt. Null is not set. */
export interface CellKey {
  group: string | null;
  provider: string | null;
  model: string | null;
  /** Undefined where the question leaves templates out. */
  template: string | null | undefined;
}

/**
 * The calls of one cell in one window, added up. All counts are of calls whose cost is known unless they
 * say otherwise, and all fields are sums, so that cells add up to larger ones.
 */
export interface Cell {
  /** What was asked for: attempts less those that repeat an attempt that was billed as well. */
  served: number;
  /** Attempts that are billed, with a known cost or without. */
  attempts: number;
  /** Attempts with a known cost. */
  priced: number;
  tokens: Record<TokenKind, number>;
  cost: Record<TokenKind, Picodollars>;
  /** Tools, images, fees of calls, and whatever else the charges for tokens do not explain. */
  other: Picodollars;
  /** Amounts that belong to no call: credits, refunds, differences to an invoice. */
  stated: Picodollars;
}

export function emptyCell(): Cell {
  return {
    served: 0,
    attempts: 0,
    priced: 0,
    tokens: { uncached: 0, cache_read: 0, cache_write: 0, output: 0 },
    cost: { uncached: 0n, cache_read: 0n, cache_write: 0n, output: 0n },
    other: 0n,
    stated: 0n,
  };
}

export function addCells(cells: Iterable<Cell>): Cell {
  const sum = emptyCell();
  for (const cell of cells) {
    sum.served += cell.served;
    sum.attempts += cell.attempts;
    sum.priced += cell.priced;
    for (const kind of tokenKinds) {
      sum.tokens[kind] += cell.tokens[kind];
      sum.cost[kind] += cell.cost[kind];
    }
    sum.other += cell.other;
    sum.stated += cell.stated;
  }
  return sum;
}

/** What the calls of a cell cost, amounts that belong to no call left out. */
export function costOfCalls(cell: Cell): Picodollars {
  return tokenKinds.reduce((sum, kind) => sum + cell.cost[kind], cell.other);
}

/** Tokens of the prompts, from the cache and not. */
export function inputTokens({ tokens }: Cell): number {
  return tokens.uncached + tokens.cache_read + tokens.cache_write;
}
