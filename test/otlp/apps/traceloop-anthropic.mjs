import * as anthropic from '@anthropic-ai/sdk';
import { AnthropicInstrumentation } from '@traceloop/instrumentation-anthropic';
import {
  failing,
  inRequest,
  inRounds,
  providerUrl,
  secret,
  startTracing,
  traceHeaders,
} from './tracing.mjs';

const provider = startTracing();
const instrumentation = new AnthropicInstrumentation({ traceContent: true });
instrumentation.setTracerProvider(provider);
// This instrumentation patches text completions as well, which the client has no more.
class Completions {
  create() {}
}
const { Messages, Beta } = anthropic.Anthropic;
if (process.env.WITHOUT_SCOPE !== '@traceloop/instrumentation-anthropic') {
  instrumentation.manuallyInstrument({ ...anthropic, Anthropic: { Completions, Messages, Beta } });
}
const client = new anthropic.Anthropic({
  baseURL: `${providerUrl}/anthropic`,
  apiKey: 'sk-ant-otlp',
  maxRetries: 0,
});
const ask = (n) => ({
  model: 'claude-sonnet-4-5',
  max_tokens: 200,
  messages: [{ role: 'user', content: `${secret} ${n}` }],
});
const system = [
  {
    type: 'text',
    text: `${secret} You answer questions about invoices, politely. `.repeat(200),
    cache_control: { type: 'ephemeral' },
  },
];

const work = async () => {
  const headers = traceHeaders();
  await client.messages.create(ask(1), { headers });
  // The first writes the prompt to the cache, the others read it.
  for (let n = 0; n < 3; n++) await client.messages.create({ ...ask(n), system }, { headers });
  const stream = await client.messages.create({ ...ask(2), stream: true }, { headers });
  for await (const event of stream) void event;
  await failing(() =>
    client.messages.create(ask(3), { headers: { 'x-fake-fault': '500', ...headers } }),
  );
};
await inRounds(() => inRequest('POST /ask', { 'enduser.id': 'joe' }, work));
await provider.shutdown();
