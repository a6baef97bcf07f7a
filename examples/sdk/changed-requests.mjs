// A call that is too dear goes to a cheaper model, and its answer is kept short: in the process, as the
// gateway does it.
import { configure, memorySink, meter } from '@farthing/sdk';
import OpenAI from 'openai';

configure({
  sinks: [memorySink()],
  budgets: [
    {
      name: 'dear calls',
      call: { max: '0.0005', output_tokens: 200 },
      actions: ['downgrade', 'block'],
      downgrade: ['gpt-4.1', 'gpt-4.1-nano'],
    },
  ],
  onDecision: ({ outcome, steps }) => console.log(outcome, ...steps.map((step) => step.do)),
});
const openai = meter(
  new OpenAI({
    baseURL: process.env.OPENAI_BASE_URL,
    apiKey: process.env.OPENAI_API_KEY ?? 'none',
  }),
);
const { model, usage } = await openai.chat.completions.create({
  model: 'gpt-4.1',
  messages: [{ role: 'user', content: 'Tell me all.' }],
});
console.log(model, usage.completion_tokens <= 200);
