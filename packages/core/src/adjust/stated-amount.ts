import { entryEvent, entrySchema, type Entry } from '../entry.js';
import type { Tags } from '../tags.js';

/** An amount that a person states: a credit, a refund, the difference to an invoice. */
export interface StatedAmount {
  /** Decimal string; negative for what is given back. */
  usd: string;
  /** When it belongs: the time at which it stands in reports. ISO 8601, UTC with milliseconds. */
  at: string;
  provider: string;
  model: string | null;
  tags: Tags;
  by: string;
  reason: string;
  recorded_at: string;
}

/** The adjusting entry of an amount that belongs to no single call. */
export function statedAmount(amount: StatedAmount, id: string): Entry {
  return {
    schema: entrySchema,
    event: entryEvent,
    id,
    kind: 'adjustment',
    adjusts: {
      entry: null,
      number: 1,
      cause: 'manual',
      reason: amount.reason,
      by: amount.by,
      status_before: 'priced',
      status_after: 'priced',
      usd_before: '0',
      usd_after: amount.usd,
    },
    source: 'manual',
    started_at: amount.at,
    ended_at: amount.at,
    recorded_at: amount.recorded_at,
    duration_ms: 0,
    provider: amount.provider,
    api: 'manual',
    stream: false,
    model_requested: amount.model,
    model: amount.model,
    outcome: 'ok',
    http_status: null,
    attempt: 1,
    usage: null,
    cost: { usd: amount.usd, status: 'priced', source: 'source', charges: [] },
    tags: amount.tags,
  };
}
