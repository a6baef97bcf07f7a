import { addTokens } from '../usage/add-usage.js';
import type { TokenBuckets, TokenDetails } from '../usage/usage.js';
import { chargeLines, chargeTokens, type Bill } from './charges.js';
import type { RateCard } from './rate-card.js';
import { splitByModality, type TokenLine } from './split-by-modality.js';

/** Tokens of one request, and the rates that hold for that request. */
export interface Share {
  readonly card: RateCard;
  readonly tokens: TokenBuckets;
  readonly details: TokenDetails;
  /** Set where they are billed at another model's rates than the call's own. */
  readonly model?: string;
}

/**
 * Charges the tokens of several requests. Those of one rate card are added up first, so that a session
 * of a thousand answers is a handful of lines, and each is rounded once.
 */
export function chargeShares(bill: Bill, shares: readonly Share[]): void {
  if (shares.length === 1) {
    const [{ card, tokens, details, model }] = shares as [Share];
    chargeTokens(bill, card, tokens, details, model);
    return;
  }
  const sums = new Map<RateCard, Share>();
  const lines = new Map<RateCard, TokenLines>();
  for (const share of shares) {
    // What of its input was cached audio is told request by request, or taken so where it is not told.
    if (share.card.byModality) {
      const known = lines.get(share.card) ?? new TokenLines();
      lines.set(share.card, known);
      known.add(splitByModality(share.tokens, share.details, share.card.rates));
      continue;
    }
    const sum = sums.get(share.card);
    if (sum === undefined) {
      sums.set(share.card, {
        ...share,
        tokens: { ...share.tokens },
        details: { ...share.details },
      });
      continue;
    }
    addTokens(sum.tokens, share.tokens);
    for (const name of Object.keys(share.details) as (keyof TokenDetails)[]) {
      sum.details[name] = (sum.details[name] ?? 0) + (share.details[name] ?? 0);
    }
  }
  for (const { card, tokens, details, model } of sums.values()) {
    chargeTokens(bill, card, tokens, details, model);
  }
  for (const [card, sum] of lines) chargeLines(bill, card, sum.all(), shares[0]?.model);
}

/** Lines of several requests, each kind once. */
class TokenLines {
  readonly #lines = new Map<string, TokenLine>();

  add(lines: readonly TokenLine[]): void {
    for (const [kind, unit, quantity] of lines) {
      const known = this.#lines.get(kind)?.[2] ?? 0;
      this.#lines.set(kind, [kind, unit, known + quantity]);
    }
  }

  all(): TokenLine[] {
    return [...this.#lines.values()];
  }
}
