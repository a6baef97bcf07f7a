/** The disjoint token buckets of a call, as both sides of a reconciliation count them. */
export const tokenKinds = [
  'input_uncached',
  'cache_read',
  'cache_write',
  'cache_write_5m',
  'cache_write_1h',
  'output',
] as const;
export type TokenKind = (typeof tokenKinds)[number];

/** Whole counts by kind; signed where they are differences. */
export type TokenCounts = Record<TokenKind, number>;

export function noTokens(): TokenCounts {
  return {
    input_uncached: 0,
    cache_read: 0,
    cache_write: 0,
    cache_write_5m: 0,
    cache_write_1h: 0,
    output: 0,
  };
}

export function isTokenKind(kind: string): kind is TokenKind {
  return (tokenKinds as readonly string[]).includes(kind);
}

export function isInput(kind: TokenKind): boolean {
  return kind !== 'output';
}

/**
 * The bucket that a charge's kind belongs to, or null for what is not tokens. Prices of a modality
 * have kinds of their own, named after the bucket (`input_audio`, `cache_read_image`).
 */
export function tokenKindOfCharge(kind: string): TokenKind | null {
  if (isTokenKind(kind)) return kind;
  if (kind === 'input_characters') return null;
  if (kind.startsWith('cache_read')) return 'cache_read';
  if (kind.startsWith('input') || kind === 'citation_tokens') return 'input_uncached';
  if (kind.startsWith('output') || kind === 'reasoning') return 'output';
  return null;
}
