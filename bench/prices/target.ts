import type { TokenBuckets } from '@farthing/core';
import type { Call } from './call.js';

/** Tokens as a package bills them. Writes of all kinds are one figure: most packages know one. */
export interface BilledTokens {
  input: number;
  cache_read: number;
  cache_write: number;
  output: number;
}

/** What a package says about one call. */
export type Outcome =
  | {
      /** USD, as a number or a decimal string. Null, undefined and NaN: it gives no figure. */
      usd: number | string | null | undefined;
      /** Only of packages that read payloads themselves. */
      tokens?: BilledTokens | null;
    }
  /** The package has no place for what this case is about. Never for a figure that it gets wrong. */
  | { notApplicable: string };

export interface Target {
  /** As it stands in the table. */
  name: string;
  version: string;
  /** Whether it reads the payload itself or is given Farthing's tokens. */
  fed: 'payload' | 'tokens';
  /** It has no prices of its own, so that only its tokens can be judged. */
  readsOnly?: boolean;
  price(call: Call): Outcome | Promise<Outcome>;
}

export function billedTokens(tokens: TokenBuckets): BilledTokens {
  return {
    input: tokens.input_uncached,
    cache_read: tokens.cache_read,
    cache_write: tokens.cache_write + tokens.cache_write_5m + tokens.cache_write_1h,
    output: tokens.output,
  };
}

/** The API's name without how the answer was delivered. */
export function nameOfApi(api: string): string {
  return api.replace(/^batch\./, '').replace(/\.(batches|stream)$/, '');
}
