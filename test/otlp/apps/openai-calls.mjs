import OpenAI from 'openai';
import { failing, inRequest, providerUrl, secret, traceHeaders } from './tracing.mjs';

export const createClient = () =>
  new OpenAI({ baseURL: `${providerUrl}/openai/v1`, apiKey: 'sk-otlp', maxRetries: 0 });

const messages = (n) => [{ role: 'user', content: `${secret}: what is due on day ${n}?` }];

/** The calls that every instrumentation of the OpenAI client sees. */
export async function makeCalls(
  client,
  { responses = true, embeddings = true, cached = false } = {},
) {
  const attributes = { 'user.id': 'jane@example.com', 'farthing.feature': 'billing' };
  await inRequest('POST /chat', attributes, async () => {
    for (let n = 0; n < 4; n++) {
      await client.chat.completions.create(
        { model: 'gpt-4o-mini', messages: messages(n) },
        { headers: { 'x-fake-output-tokens': String(10 + n), ...traceHeaders() } },
      );
    }
    const stream = await client.chat.completions.create(
      {
        model: 'gpt-4o',
        messages: messages(9),
        stream: true,
        stream_options: { include_usage: true },
      },
      { headers: traceHeaders() },
    );
    for await (const chunk of stream) void chunk;
    if (responses) {
      await client.responses.create(
        { model: 'gpt-5-mini', input: secret },
        { headers: { 'x-fake-reasoning-tokens': '7', ...traceHeaders() } },
      );
    }
    if (cached) {
      await client.chat.completions.create(
        { model: 'gpt-5', messages: messages(1) },
        {
          headers: {
            'x-fake-input-tokens': '5000',
            'x-fake-cached-tokens': '4096',
            ...traceHeaders(),
          },
        },
      );
    }
    if (embeddings) {
      await client.embeddings.create(
        { model: 'text-embedding-3-small', input: secret },
        { headers: traceHeaders() },
      );
    }
    await failing(() =>
      client.chat.completions.create(
        { model: 'gpt-4o-mini', messages: messages(5) },
        { headers: { 'x-fake-fault': '429', ...traceHeaders() } },
      ),
    );
  });
}
