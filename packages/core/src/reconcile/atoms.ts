import { divideHalfEven, type Picodollars } from '../money.js';
import type { PriceRow } from '../pricing/charge.js';
import type { Rate } from './rate.js';
import type { ReconciliationCauseName } from './result.js';
import type { TokenKind } from './token-kinds.js';

/** Traffic that passes Farthing, or that of keys and projects declared to be others'. */
export type Scope = 'own' | 'other';

/** A part of a difference that a cause explains. `usd` and `tokens` are provider − ledger. */
export interface Claim {
  cause: ReconciliationCauseName;
  tokens: number;
  usd: Picodollars;
  note: string;
}

/**
 * The finest comparison of money: one day, model, tier, band, token kind and scope. Its difference
 * is Σ `atoms` (other tokens at the provider's rate) + `rest` (same tokens at another rate).
 */
export interface RateCell {
  day: string;
  model: string | null;
  tier: string;
  long: boolean;
  geo: string;
  kind: TokenKind;
  scope: Scope;
  providerTokens: number;
  ledgerTokens: number;
  /** Of `ledgerTokens`: those whose cost is null. */
  unpricedTokens: number;
  providerUsd: Picodollars;
  ledgerUsd: Picodollars;
  /** Tokens that the provider's cost lines are for, where they say so. */
  costQuantity: number | null;
  /** How far rounding may have moved `providerUsd`. */
  roundingBound: Picodollars;
  /** False where only costs were given, without quantities: then no one knows whose tokens differ. */
  tokensKnown: boolean;
  /** No cost line: the provider's side is its tokens at list price. */
  computed: boolean;
  ledgerRates: Map<string, Rate>;
  prices: Map<string, PriceRow>;
  /** The provider's rate, by which token differences are valued; set by `valueAtoms`. */
  rate?: Rate;
  atoms: TokenAtom[];
  rest: Remainder;
}

/** Tokens of one bucket of time within a rate cell, or of a bucket just outside the window (no cell). */
export interface TokenAtom {
  at: string;
  /** Bucket and model in one text: where evidence is looked up. */
  place: string;
  /** Everything but the bucket in one text: the atoms of one series follow each other in time. */
  series: string;
  model: string | null;
  tier: string;
  long: boolean;
  geo: string;
  kind: TokenKind;
  scope: Scope;
  provider: number;
  ledger: number;
  /** What the difference in tokens is worth, claimed in proportion to tokens. */
  usd: Picodollars;
  /** Provider − ledger tokens that no cause has claimed yet. */
  left: number;
  claims: Claim[];
}

/** An amount without tokens that causes may claim parts of. */
export interface Remainder {
  usd: Picodollars;
  left: Picodollars;
  claims: Claim[];
}

/** Fees, services, credits and the like: amounts of a day that no token stands behind. */
export interface SumCell {
  day: string;
  name: string | null;
  category: 'unit' | 'credit' | 'other' | 'manual' | 'uncategorised' | 'unassigned';
  providerQuantity: number;
  ledgerQuantity: number;
  providerUsd: Picodollars;
  ledgerUsd: Picodollars;
  roundingBound: Picodollars;
  rest: Remainder;
}

/**
 * Gives `tokens` of an atom's difference to a cause. They must have the sign of what is left and be
 * no more than that. Amounts are cumulative shares, so that whatever the order, they add up to the
 * atom's amount exactly once all tokens are claimed.
 */
export function claimTokens(
  atom: TokenAtom,
  cause: ReconciliationCauseName,
  tokens: number,
  note: string,
): void {
  if (tokens === 0) return;
  const before = usdUpTo(atom);
  atom.left -= tokens;
  atom.claims.push({ cause, tokens, usd: usdUpTo(atom) - before, note });
}

/** What all tokens claimed so far are worth. */
function usdUpTo(atom: TokenAtom): Picodollars {
  const total = atom.provider - atom.ledger;
  if (total === 0) return 0n;
  return divideHalfEven(atom.usd * BigInt(total - atom.left), BigInt(total));
}

/** What is left of an atom's amount. */
export function usdLeft(atom: TokenAtom): Picodollars {
  return atom.usd - usdUpTo(atom);
}

/** Claims up to `most` tokens in either direction; returns how many it took (without sign). */
export function claimUpTo(
  atom: TokenAtom,
  cause: ReconciliationCauseName,
  most: number,
  note: string,
): number {
  const taken = Math.min(Math.abs(atom.left), Math.max(0, most));
  claimTokens(atom, cause, atom.left < 0 ? -taken : taken, note);
  return taken;
}

/** Claims an amount of the same sign as what is left, at most that; returns what it took. */
export function claimUsd(
  rest: Remainder,
  cause: ReconciliationCauseName,
  wanted: Picodollars,
  note: string,
): Picodollars {
  const { left } = rest;
  if (left === 0n || wanted === 0n || left > 0n !== wanted > 0n) return 0n;
  const taken = left > 0n ? (wanted < left ? wanted : left) : wanted > left ? wanted : left;
  rest.left -= taken;
  rest.claims.push({ cause, tokens: 0, usd: taken, note });
  return taken;
}

export function remainder(usd: Picodollars): Remainder {
  return { usd, left: usd, claims: [] };
}
