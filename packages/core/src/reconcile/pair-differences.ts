import { claimTokens, type TokenAtom } from './atoms.js';
import type { ReconciliationCauseName } from './result.js';

/** What tokens that moved from one atom to another are called, and why in words. */
export interface Move {
  cause: ReconciliationCauseName;
  note: string;
}
export type DescribeMove = (from: TokenAtom, to: TokenAtom) => Move;

/** Differences that cancel out to within one part in a hundred are taken for the same tokens. */
const tolerance = 100;

/** Whether what is left in these atoms cancels out, nearly. */
export function cancelsOut(atoms: readonly TokenAtom[]): boolean {
  let sum = 0;
  let gross = 0;
  for (const { left } of atoms) {
    sum += left;
    gross += Math.abs(left);
  }
  return isNothing(sum, gross);
}

/** Whether a sum is next to nothing beside the absolute amounts that it is made of. */
export function isNothing(sum: number, gross: number): boolean {
  return gross > 0 && Math.abs(sum) * 2 * tolerance <= gross;
}

/**
 * Explains opposite differences within a group as tokens that the ledger has in one place and the
 * provider in another. `exact`: only if the whole group cancels out, or a pair in it does.
 */
export function pairDifferences(
  atoms: readonly TokenAtom[],
  describe: DescribeMove,
  exact: boolean,
): void {
  const open = atoms.filter(differs);
  if (!exact || cancelsOut(open)) return match(open, describe);
  const surplus = bySize(open.filter(({ left }) => left > 0));
  for (const to of surplus) {
    const from = bySize(open).find(
      (candidate) => candidate.left < 0 && cancelsOut([candidate, to]),
    );
    if (from !== undefined) match([from, to], describe);
  }
}

/** Largest with largest, until one side is used up. */
function match(atoms: readonly TokenAtom[], describe: DescribeMove): void {
  const surplus = bySize(atoms.filter(({ left }) => left > 0));
  const deficit = bySize(atoms.filter(({ left }) => left < 0));
  for (let to = surplus.shift(), from = deficit.shift(); to !== undefined && from !== undefined;) {
    const tokens = Math.min(to.left, -from.left);
    const { cause, note } = describe(from, to);
    claimTokens(to, cause, tokens, note);
    claimTokens(from, cause, -tokens, note);
    if (to.left === 0) to = surplus.shift();
    if (from.left === 0) from = deficit.shift();
  }
}

function bySize(atoms: readonly TokenAtom[]): TokenAtom[] {
  return atoms.toSorted((left, right) => Math.abs(right.left) - Math.abs(left.left));
}

/** Whether something is left to be explained. */
export function differs({ left }: TokenAtom): boolean {
  return left !== 0;
}

/** Groups in the order of first appearance. */
export function groupBy(
  atoms: readonly TokenAtom[],
  key: (atom: TokenAtom) => string,
): TokenAtom[][] {
  const groups = new Map<string, TokenAtom[]>();
  for (const atom of atoms) {
    const name = key(atom);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [atom]);
    else group.push(atom);
  }
  return [...groups.values()];
}
