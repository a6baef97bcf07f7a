import { noCounts, type Counts } from '../billing.js';
import type { BookedApi, Posting } from '../books.js';
import type { Exchange } from '../exchange.js';

/** What the books take of an answer of one of OpenAI's smaller APIs. */
export function postingOf(
  exchange: Exchange,
  api: BookedApi,
  model: string,
  counts: Partial<Counts>,
): Omit<Posting, 'outcome'> {
  return {
    at: exchange.now,
    provider: 'openai',
    api,
    keyId: exchange.keyId,
    model,
    tier: 'default',
    geo: 'global',
    counts: { ...noCounts(), ...counts },
  };
}
