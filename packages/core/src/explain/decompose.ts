import type { Picodollars } from '../money.js';
import { addCells, costOfCalls, emptyCell, type Cell, type CellKey } from './cell.js';
import { effectKinds, type EffectKind } from './effects.js';
import { leafEffects, type CallTotals } from './leaf-effects.js';
import type { KeyedCell } from './read-cells.js';
import { roundParts } from './round-parts.js';
import { shareRatioChange, type CellPair } from './template-shares.js';
import type { FactorEffect } from './unit-effects.js';

/** The smallest part of the difference: one cause at one cell. */
export interface Atom {
  kind: EffectKind;
  key: CellKey;
  amount: Picodollars;
}

/** Calls of a group that one model of one provider answered, on both sides. */
export interface Leaf {
  key: CellKey;
  was: Cell;
  is: Cell;
  cells: (CellPair & { key: CellKey })[];
}

export interface Group {
  name: string | null;
  was: Cell;
  is: Cell;
  leaves: Leaf[];
}

export interface Decomposition {
  groups: Group[];
  /** They add up to the difference exactly; so do those of each group, and of each leaf. */
  atoms: Atom[];
  before: Picodollars;
  after: Picodollars;
}

/**
 * Splits the difference between two windows into its causes, exactly: a hierarchical price-volume-mix.
 *
 * Groups that begin or end are causes of their own; in the others each leaf's change is split
 * ({@link leafEffects}). A change of template is told by what it changed (length, cache), with the template
 * named ({@link shareRatioChange}): it is not routing. Effects are computed in floating point and made
 * whole for one leaf at a time ({@link roundParts}).
 */
export function decompose(
  was: ReadonlyMap<string, KeyedCell>,
  is: ReadonlyMap<string, KeyedCell>,
): Decomposition {
  const groups = groupsOf(was, is);
  const lasting = groups.filter((group) => group.was.served > 0 && group.is.served > 0);
  const totals: CallTotals = {
    was: lasting.reduce((sum, group) => sum + group.was.served, 0),
    is: lasting.reduce((sum, group) => sum + group.is.served, 0),
  };
  const atoms = groups.flatMap((group) => {
    const stated = statedAtoms(group);
    if (group.was.served === 0 && group.is.served === 0) return stated;
    if (group.was.served === 0) return [...stated, ...wholeAtoms(group, 'new')];
    if (group.is.served === 0) return [...stated, ...wholeAtoms(group, 'gone')];
    return [...stated, ...group.leaves.flatMap((leaf) => leafAtoms(leaf, group, totals))];
  });
  const total = (cells: ReadonlyMap<string, KeyedCell>) =>
    [...cells.values()].reduce((sum, { cell }) => sum + costOfCalls(cell) + cell.stated, 0n);
  return { groups, atoms, before: total(was), after: total(is) };
}

function leafAtoms(leaf: Leaf, group: Group, totals: CallTotals): Atom[] {
  const { key } = leaf;
  const { effects, units } = leafEffects(leaf, group, totals);
  const difference = costOfCalls(leaf.is) - costOfCalls(leaf.was);
  const kinds = effectKinds.filter((kind) => effects[kind] !== undefined);
  // What is too small to be seen in floating point: the price of something moved.
  if (kinds.length === 0)
    return difference === 0n ? [] : [{ kind: 'price', key, amount: difference }];
  const amounts = roundParts(
    kinds.map((kind) => effects[kind]!),
    difference,
  );
  return kinds.flatMap((kind, index) => cellAtoms(kind, amounts[index]!, leaf, units));
}

/** An effect of a leaf, split among its templates where they can have brought it. */
function cellAtoms(
  kind: EffectKind,
  amount: Picodollars,
  leaf: Leaf,
  units: readonly FactorEffect[],
): Atom[] {
  const { cells, key } = leaf;
  const [only] = cells;
  if (cells.length === 1) return [{ kind, key: only!.key, amount }];
  const own = units.filter(({ factor }) => factor.kind === kind);
  if (own.length === 0) return [{ kind, key, amount }];
  const parts = cells.map(() => 0);
  for (const { factor, perChange } of own) {
    if (!Number.isFinite(perChange)) return [{ kind, key, amount }];
    for (const [index, part] of shareRatioChange(factor, leaf.was, cells, leaf.is).entries()) {
      parts[index]! += perChange * part;
    }
  }
  const amounts = roundParts(parts, amount);
  return cells
    .map((cell, index): Atom => ({ kind, key: cell.key, amount: amounts[index]! }))
    .filter((atom) => atom.amount !== 0n);
}

function wholeAtoms(group: Group, kind: 'new' | 'gone'): Atom[] {
  return everyCell(group).flatMap(({ key, was, is }) => {
    const amount = (is === null ? 0n : costOfCalls(is)) - (was === null ? 0n : costOfCalls(was));
    return amount === 0n ? [] : [{ kind, key, amount }];
  });
}

function statedAtoms(group: Group): Atom[] {
  return everyCell(group).flatMap(({ key, was, is }) => {
    const amount = (is?.stated ?? 0n) - (was?.stated ?? 0n);
    return amount === 0n ? [] : [{ kind: 'stated', key, amount }];
  });
}

function everyCell(group: Group): Leaf['cells'] {
  return group.leaves.flatMap(({ cells }) => cells);
}

/** Both windows' cells by group and leaf, in the order in which they come. */
function groupsOf(
  was: ReadonlyMap<string, KeyedCell>,
  is: ReadonlyMap<string, KeyedCell>,
): Group[] {
  const groups = new Map<string | null, Map<string, Leaf>>();
  for (const text of new Set([...was.keys(), ...is.keys()])) {
    const before = was.get(text);
    const after = is.get(text);
    const { key } = (before ?? after)!;
    let leaves = groups.get(key.group);
    if (leaves === undefined) groups.set(key.group, (leaves = new Map()));
    const leafText = JSON.stringify([key.provider, key.model]);
    let leaf = leaves.get(leafText);
    if (leaf === undefined) {
      const leafKey = { ...key, template: undefined };
      leaves.set(leafText, (leaf = { key: leafKey, was: emptyCell(), is: emptyCell(), cells: [] }));
    }
    leaf.cells.push({ key, was: before?.cell ?? null, is: after?.cell ?? null });
  }
  return [...groups].map(([name, leafMap]) => {
    const leaves = [...leafMap.values()];
    for (const leaf of leaves) {
      leaf.was = addCells(leaf.cells.flatMap(({ was: cell }) => cell ?? []));
      leaf.is = addCells(leaf.cells.flatMap(({ is: cell }) => cell ?? []));
    }
    return {
      name,
      was: addCells(leaves.map((leaf) => leaf.was)),
      is: addCells(leaves.map((leaf) => leaf.is)),
      leaves,
    };
  });
}
