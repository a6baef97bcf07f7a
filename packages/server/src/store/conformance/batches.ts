import { entryEvent, entrySchema, type Entry } from '@farthing/core';
import type { BookingBatch } from '../store.js';

/** A plain priced call; `changes` overrides what a test is about. */
export function sampleEntry(changes: Partial<Entry> = {}): Entry {
  return {
    schema: entrySchema,
    event: entryEvent,
    id: crypto.randomUUID(),
    kind: 'call',
    source: 'gateway',
    started_at: '2026-03-01T14:05:06.789Z',
    ended_at: '2026-03-01T14:05:08.001Z',
    duration_ms: 1212,
    first_byte_ms: 320,
    provider: 'openai',
    api: 'chat.completions',
    stream: true,
    model_requested: 'gpt-4o',
    model: 'gpt-4o-2024-08-06',
    response_id: 'chatcmpl-1',
    outcome: 'ok',
    http_status: 200,
    attempt: 1,
    usage: {
      tokens: {
        input_uncached: 100,
        cache_read: 900,
        cache_write: 0,
        cache_write_5m: 0,
        cache_write_1h: 0,
        output: 50,
      },
      details: { reasoning: 20 },
      units: {},
      modifiers: {},
      estimated: false,
      raw: { prompt_tokens: 1000, completion_tokens: 50 },
      notes: [],
    },
    cost: {
      usd: '0.001875',
      status: 'priced',
      source: 'base',
      charges: [
        {
          kind: 'input_uncached',
          quantity: 100,
          rate_usd: '2.5',
          per: 1_000_000,
          amount_usd: '0.00025',
        },
        {
          kind: 'cache_read',
          quantity: 900,
          rate_usd: '1.25',
          per: 1_000_000,
          amount_usd: '0.001125',
        },
        { kind: 'output', quantity: 50, rate_usd: '10', per: 1_000_000, amount_usd: '0.0005' },
      ],
    },
    tags: { feature: 'search', user: 'u-1', custom: { team: 'discovery' } },
    ...changes,
  };
}

/** Entries as lines of one journal, 1,000 bytes each from `offset` on, and the position behind them. */
export function batchOf(
  entries: readonly Entry[],
  { journal = 'gateway', segment = 1, offset = 0 } = {},
): BookingBatch {
  return {
    entries: entries.map((entry, index) => ({
      entry,
      position: { journal, segment, offset: offset + index * 1000 },
    })),
    positions: [{ journal, segment, offset: offset + entries.length * 1000 }],
  };
}
