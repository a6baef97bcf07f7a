// A run of several calls with a paid tool, and what became of it.
import { configure, memorySink, meter, meterTool, outcome, startRun } from '@farthing/sdk';
import OpenAI from 'openai';

const sink = memorySink();
configure({ sinks: [sink] });

const openai = meter(
  new OpenAI({
    baseURL: process.env.OPENAI_BASE_URL,
    apiKey: process.env.OPENAI_API_KEY ?? 'none',
  }),
);
const webSearch = meterTool('web_search', { price: '0.01' }, async (query) => `found: ${query}`);

const run = startRun({ feature: 'research', agent: 'reader' });
await run.within(async () => {
  const notes = await webSearch('invoices due in March');
  await openai.chat.completions.create({
    model: 'gpt-5-mini',
    messages: [{ role: 'user', content: notes }],
  });
  run.annotate({ tenant: 'acme' });
});
const { calls, cost_usd } = run.end();
outcome(run.id, { success: true, score: 0.9, tags: { feature: 'research' } });

console.log(`${calls} calls for ${cost_usd} USD`);
for (const { api, cost, tags } of sink.entries) console.log(api, cost.usd, tags.run === run.id);
