import fc from 'fast-check';
import { toCallRow, type Entry } from '@farthing/core';
import { expect, test } from 'vitest';
import { arbitraryEntries } from '../../store/conformance/arbitrary-entry.js';
import { callRowSchema } from './call.js';
import { entrySchema } from './entry.js';

/** An entry with every field that the contract has; a new one must be added here and to the schema. It
 * adjusts another, because only then everything may be there at once. */
const complete: Required<Entry> = {
  schema: 1,
  event: 'llm.cost.tracked',
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  kind: 'adjustment',
  adjusts: {
    entry: '01890a5d-ac96-774b-bcce-b302099a8056',
    number: 2,
    cause: 'price',
    reason: 'a corrected price',
    by: 'ada',
    status_booked: 'unknown_model',
    status_before: 'partial',
    status_after: 'partial',
    usd_before: '0.25',
    usd_after: '0.75',
    price_before: { book: 'genai-prices@0.1.7', provider: 'anthropic', model: 'claude-sonnet-4' },
  },
  source: 'reprice',
  started_at: '2026-03-01T14:05:06.789Z',
  ended_at: '2026-03-01T14:05:08.001Z',
  recorded_at: '2026-03-09T08:00:00.000Z',
  duration_ms: 1212,
  first_byte_ms: 320,
  provider: 'anthropic',
  api: 'messages',
  path: 'POST /v1/messages',
  stream: true,
  model_requested: 'claude-sonnet-4',
  model: 'claude-sonnet-4-20250514',
  response_id: 'msg_1',
  span: {
    trace: '4bf92f3577b34da6a3ce929d0e0e4736',
    span: '00f067aa0ba902b7',
    parent: '00f067aa0ba902b6',
    path: [{ kind: 'agent', name: 'planner', span: '00f067aa0ba902b6' }],
  },
  outcome: 'ok',
  http_status: 200,
  error_type: 'overloaded_error',
  attempt: 2,
  repeats: 3,
  usage: {
    tokens: {
      input_uncached: 1,
      cache_read: 2,
      cache_write: 3,
      cache_write_5m: 4,
      cache_write_1h: 5,
      output: 6,
    },
    details: { reasoning: 1, input_audio: 1, output_image: 1 },
    units: { web_searches: 2, audio_seconds: 1.5 },
    modifiers: { service_tier: 'priority', inference_geo: 'us', speed: 'fast' },
    estimated: false,
    partial: 'the stream ended early',
    reported: { usd: '0.5', field: 'usage.cost', authority: 'client' },
    nested: [
      {
        model: 'claude-opus-4',
        tokens: {
          input_uncached: 1,
          cache_read: 0,
          cache_write: 0,
          cache_write_5m: 0,
          cache_write_1h: 0,
          output: 1,
        },
      },
    ],
    requests: [
      {
        tokens: {
          input_uncached: 1,
          cache_read: 2,
          cache_write: 3,
          cache_write_5m: 4,
          cache_write_1h: 5,
          output: 6,
        },
        details: { reasoning: 1 },
        modifiers: { service_tier: 'priority' },
      },
    ],
    raw: { input_tokens: 1, service_tier: 'priority' },
    notes: ['a note'],
  },
  cost: {
    usd: '0.5',
    status: 'partial',
    source: 'reported',
    reason: 'no rate is known for web_searches',
    charges: [
      {
        kind: 'output',
        quantity: 6,
        rate_usd: '15',
        per: 1_000_000,
        amount_usd: '0.00009',
        model: 'claude-opus-4',
      },
      {
        kind: 'output',
        quantity: -6,
        rate_usd: '12',
        per: 1_000_000,
        amount_usd: '-0.000072',
        list_rate_usd: '15',
        list_amount_usd: '-0.00009',
      },
    ],
    list_usd: '0.6',
    price: {
      book: 'genai-prices@0.1.8',
      provider: 'anthropic',
      model: 'claude-sonnet-4',
      effective_from: '2025-05-14T00:00:00.000Z',
    },
    reported_usd: '0.5',
    computed_usd: '0.4',
  },
  context: {
    batch: true,
    endpoint: 'eu.api.openai.com',
    location: 'europe-west1',
    deployment_type: 'DataZoneStandard',
    anthropic_beta: ['fast-mode'],
    audio_seconds: 1.5,
    gpu_seconds: 2.5,
    request: {
      service_tier: 'flex',
      size: '1024x1024',
      quality: 'high',
      n: 2,
      input_characters: 7,
    },
  },
  estimate: {
    input_tokens: 10,
    output_tokens: 500,
    output_q95: 900,
    output_q99: 1_200,
    usd: '0.001',
    method: 'bytes/4',
    basis: 'template',
  },
  prompt: { system: 1, tools: 2, context: 3, history: 4, user: 5, files: 6, calls: 7 },
  prefixes: { keys: ['hT3kq0Zx', 'A_-9aaaa'], tokens: [600, 1200], head: 1, calls: 2, repeated: 9 },
  tags: {
    feature: 'f',
    user: 'u_1',
    tenant: 't',
    segment: 's',
    agent: 'a',
    route: 'r',
    template_version: 'v',
    run: 'r1',
    session: 's1',
    trace: 't1',
    environment: 'e',
    custom: { team: 'core', 'org/unit': 'x' },
  },
};

test('an entry with every field of the contract passes, and loses none of them', () => {
  expect(entrySchema.parse(complete)).toEqual(complete);
});

test('every entry that the store is tested with passes unchanged', () => {
  fc.assert(
    fc.property(arbitraryEntries(4), (entries) => {
      for (const entry of entries) {
        // The store takes any custom tag; the API takes those that the gateway would let in.
        const { custom: _, ...tags } = entry.tags;
        const journalled = JSON.parse(JSON.stringify({ ...entry, tags })) as Entry;
        expect(entrySchema.parse(journalled)).toEqual(journalled);
        const row = toCallRow(journalled);
        expect(callRowSchema.parse(row)).toEqual(row);
      }
    }),
  );
});

test.each([
  ['a tag that is no text', { tags: { feature: 7 } }],
  ['an empty tag', { tags: { feature: '' } }],
  ['a tag of 257 characters', { tags: { feature: 'x'.repeat(257) } }],
  ['a custom tag that no gateway lets in', { tags: { custom: { 'Team!': 'x' } } }],
  [
    'a custom tag too many',
    { tags: { custom: Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`t${n}`, 'x'])) } },
  ],
  ['money with 13 decimals', { cost: { ...complete.cost, usd: '0.0000000000001' } }],
  ['half a token', { usage: { ...complete.usage, details: { reasoning: 0.5 } } }],
  ['an outcome that there is not', { outcome: 'fine' }],
  ['an adjustment that says not of what', { adjusts: undefined }],
  ['a call that takes back', { kind: 'call', adjusts: undefined }],
  ['a difference that is another', { adjusts: { ...complete.adjusts, usd_after: '0.74' } }],
])('%s does not pass', (_, change) => {
  expect(entrySchema.safeParse({ ...complete, ...change }).success).toBe(false);
});
