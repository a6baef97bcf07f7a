import { convertOpenAIResponsesUsage } from './convert-openai-responses-usage.js';
import type { UsageConverter } from './converter.js';
import { countAt, fieldsAt, isFields } from './fields.js';
import type { RequestUsage, TokenBuckets, Usage } from './usage.js';

/** OpenAI's own limit on the items of one batch. */
const mostItems = 50_000;

/**
 * An OpenAI batch as a whole: its usage is the sum over its items. Items are priced one by one, so the
 * sum is shared out evenly: exact where all items fall into the same price band, and said so in a note
 * because the batch does not state each one's size.
 */
export const convertOpenAIBatchUsage: UsageConverter = (payload, call) => {
  const reading = convertOpenAIResponsesUsage(payload, call);
  const items = isFields(payload) ? completedItems(payload) : 0;
  if (reading.status !== 'ok' || items < 2) return reading;
  const { usage } = reading;
  usage.requests = evenShares(usage, Math.min(items, mostItems));
  usage.notes.push(`the sum of ${items} requests, whose own sizes are taken as equal`);
  return reading;
};

function completedItems(batch: Readonly<Record<string, unknown>>): number {
  try {
    return countAt(fieldsAt(batch, 'request_counts'), 'completed') ?? 0;
  } catch {
    // A count of requests that is no count says nothing about the usage.
    return 0;
  }
}

/** Whole tokens that add up to the sum; details follow the whole, which alone decides bands. */
function evenShares({ tokens, modifiers }: Usage, items: number): RequestUsage[] {
  return Array.from({ length: items }, (_, index) => {
    const share = { ...tokens };
    for (const bucket of Object.keys(tokens) as (keyof TokenBuckets)[]) {
      const rest = tokens[bucket] % items;
      share[bucket] = (tokens[bucket] - rest) / items + (index < rest ? 1 : 0);
    }
    return { tokens: share, details: {}, modifiers };
  });
}
