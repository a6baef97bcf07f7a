import { billedKinds, noAmounts, noCounts, type Amounts, type Counts } from './billing.js';
import type { Cell } from './books.js';

export interface Group {
  /** Any cell of the group: those fields that the group is made by are the same in all. */
  sample: Cell;
  requests: number;
  counts: Counts;
  /** What has rates; models without rates are counted but cost nothing here. */
  amounts: Amounts;
}

/** Sums cells that `key` maps to the same text, in the order in which they first appear. */
export function groupCells(cells: readonly Cell[], key: (cell: Cell) => string): Group[] {
  const groups = new Map<string, Group>();
  for (const cell of cells) {
    const id = key(cell);
    let group = groups.get(id);
    if (group === undefined) {
      group = { sample: cell, requests: 0, counts: noCounts(), amounts: noAmounts() };
      groups.set(id, group);
    }
    group.requests += cell.requests;
    for (const kind of billedKinds) {
      group.counts[kind] += cell.counts[kind];
      group.amounts[kind] += cell.amounts?.[kind] ?? 0n;
    }
  }
  return [...groups.values()];
}
