import { entryEvent, entrySchema, type Entry } from '@farthing/core';
import { uuidAt } from '../uuid.js';

/** An entry as a call makes it. */
export function sampleEntry(changes: Partial<Entry> = {}): Entry {
  const at = '2026-11-20T12:00:00.000Z';
  return {
    schema: entrySchema,
    event: entryEvent,
    id: uuidAt(Date.now()),
    kind: 'call',
    source: 'sdk',
    started_at: at,
    ended_at: at,
    duration_ms: 12,
    provider: 'openai',
    api: 'chat.completions',
    stream: false,
    model_requested: 'gpt-5-mini',
    model: 'gpt-5-mini',
    outcome: 'ok',
    http_status: 200,
    attempt: 1,
    usage: null,
    cost: { usd: '0.00045', status: 'priced', source: 'base', charges: [] },
    tags: { feature: 'search' },
    ...changes,
  };
}
