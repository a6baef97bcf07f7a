import type { Cell } from './cell.js';
import { ratioOf, type Factor } from './unit-effects.js';

/** One cell of a leaf on both sides; null where it had no calls. */
export interface CellPair {
  was: Cell | null;
  is: Cell | null;
}

/**
 * How much of the change of a leaf's ratio each of its cells (template versions) brought: x₁ − x₀ = Σ of
 * the result, in the ratio's unit. A cell brings what its own ratio moved, at its mean weight, and what it
 * gained in weight, as far as its ratio lies off the leaf's earlier one: a version that took over and
 * answers twice as long brought the change, the one that left brought none.
 */
export function shareRatioChange(
  factor: Factor,
  was: Cell,
  pairs: readonly CellPair[],
  is: Cell,
): number[] {
  const { under } = factor;
  const earlier = ratioOf(factor, was);
  return pairs.map((pair) => {
    const weightWas = pair.was === null ? 0 : under(pair.was) / under(was);
    const weightIs = pair.is === null ? 0 : under(pair.is) / under(is);
    const ratioWas = ownRatio(factor, pair.was);
    const ratioIs = ownRatio(factor, pair.is);
    // What is on one side only has not changed in itself; what weighs nothing brings nothing.
    const first = ratioWas ?? ratioIs ?? earlier;
    const second = ratioIs ?? ratioWas ?? earlier;
    const own = ((weightWas + weightIs) / 2) * (second - first);
    return own + (weightIs - weightWas) * ((first + second) / 2 - earlier);
  });
}

function ownRatio(factor: Factor, cell: Cell | null): number | null {
  if (cell === null || factor.under(cell) === 0) return null;
  return ratioOf(factor, cell);
}
