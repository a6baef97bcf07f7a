// One metered call: run `farthing fake-provider` beside it, or set OPENAI_API_KEY and drop baseURL.
import { configure, memorySink, meter, withTags } from '@farthing/sdk';
import OpenAI from 'openai';

const sink = memorySink();
configure({ sinks: [sink], tags: { environment: 'example' } });

const openai = meter(
  new OpenAI({
    baseURL: process.env.OPENAI_BASE_URL,
    apiKey: process.env.OPENAI_API_KEY ?? 'none',
  }),
);

await withTags({ feature: 'greeting', tenant: 'acme' }, async () => {
  await openai.chat.completions.create({
    model: 'gpt-5-mini',
    messages: [{ role: 'user', content: 'Say hello.' }],
  });
});

for (const { model, cost, tags } of sink.entries) console.log(model, cost.usd, tags);
