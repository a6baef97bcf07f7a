import { notice, type Exchange, type Reply } from '../exchange.js';
import { textAt } from '../json.js';
import { anthropicError } from './errors.js';
import { inputCounts } from './cache.js';
import { readSegments } from './prompt.js';

/** POST /v1/messages/count_tokens: free, and equal to what the message itself would be billed as input. */
export function countMessageTokens(exchange: Exchange): Reply {
  const model = textAt(exchange.body, 'model');
  const segments = readSegments(exchange.body).map((segment) => ({
    ...segment,
    breakpoint: undefined,
  }));
  const random = exchange.randomFor(model ?? '', 'count');
  if (model === undefined) return anthropicError(400, 'model: Field required', random);
  const counts = inputCounts(exchange, model, segments, 0);
  return notice(
    200,
    { input_tokens: counts.input_uncached + counts.cache_read },
    { headers: { 'request-id': `req_${random.characters(24)}` } },
  );
}
