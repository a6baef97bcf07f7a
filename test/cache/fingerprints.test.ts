import { Farthing, memorySink } from '@farthing/sdk';
import { expect, test } from 'vitest';
import { PromptPrefixer } from '../../packages/server/src/gateway/index.js';

const secret = '0123456789abcdef'.repeat(4);
const long = (word: string) => `${word} `.repeat(900);
const request = {
  model: 'claude-sonnet-4-5',
  max_tokens: 64,
  system: [{ type: 'text', text: long('Größe ✓'), cache_control: { type: 'ephemeral' } }],
  messages: [
    { role: 'user', content: long('question') },
    { role: 'assistant', content: long('answer') },
    { role: 'user', content: 'And why?' },
  ],
};
const answer = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5-20250929',
  content: [{ type: 'text', text: 'Because.' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 4_000, output_tokens: 3 },
};

async function bookedBySdk(options: { prefixes?: boolean; secret?: string }) {
  const sink = memorySink();
  const farthing = new Farthing({ sinks: [sink], ...options });
  const fetch = farthing.meterFetch({ fetch: async () => Response.json(answer) });
  const response = await fetch('https://api.anthropic.com/v1/messages', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  await response.json();
  await farthing.flush();
  return sink.entries[0]!;
}

test('an app with the gateway’s secret gives equal prompts equal fingerprints', async () => {
  const entry = await bookedBySdk({ prefixes: true, secret });
  const gateway = new PromptPrefixer(Buffer.from(secret, 'hex'));
  const body = Buffer.from(JSON.stringify(request));
  expect(entry.prefixes?.keys.length).toBeGreaterThanOrEqual(3);
  expect(gateway.prefixes(entry, body)?.keys).toEqual(entry.prefixes?.keys);
});

test('an app makes none unless it is asked to, and none without a secret', async () => {
  expect((await bookedBySdk({ secret })).prefixes).toBeUndefined();
  expect((await bookedBySdk({ prefixes: true })).prefixes).toBeUndefined();
});
