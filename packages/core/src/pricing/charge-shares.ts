import { addTokens } from '../usage/add-usage.js';
import type { TokenBuckets, TokenDetails } from '../usage/usage.js';
import { chargeTokens, type Bill } from './charges.js';
import type { RateCard } from './rate-card.js';

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
  for (const share of shares) {
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
}
