// A budget in the process: the second call raises the client's own RateLimitError and never leaves.
import { configure, memorySink, meter } from '@farthing/sdk';
import OpenAI from 'openai';

configure({
  sinks: [memorySink()],
  budgets: [{ name: 'demo', limit: { calls: 1 }, window: 'day', actions: ['block'] }],
});
const openai = meter(
  new OpenAI({
    baseURL: process.env.OPENAI_BASE_URL,
    apiKey: process.env.OPENAI_API_KEY ?? 'none',
  }),
);
const ask = () =>
  openai.chat.completions.create({
    model: 'gpt-5-mini',
    messages: [{ role: 'user', content: 'hello' }],
  });
await ask();
await ask().catch((error) => console.log(error.constructor.name, error.status, error.message));
