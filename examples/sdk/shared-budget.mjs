// Budgets of the control plane, balances in Redis: apps and gateways spend one limit together. Needs the
// package @farthing/redis, and the addresses in FARTHING_URL and REDIS_URL.
import { configure, controlPlaneBudgets, memorySink, meter } from '@farthing/sdk';
import { redisBalances } from '@farthing/sdk/redis';
import OpenAI from 'openai';

const farthing = configure({
  sinks: [memorySink()],
  budgets: await controlPlaneBudgets(),
  balances: await redisBalances({
    url: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379',
    namespace: 'acme',
  }),
  onDecision: ({ outcome, steps }) => console.log(outcome, ...steps.map((step) => step.do)),
});
const openai = meter(
  new OpenAI({
    baseURL: process.env.OPENAI_BASE_URL,
    apiKey: process.env.OPENAI_API_KEY ?? 'none',
  }),
);
const { model, usage } = await openai.chat.completions.create({
  model: 'gpt-5-mini',
  messages: [{ role: 'user', content: 'Say hello.' }],
});
console.log(model, usage.completion_tokens);
await farthing.close();
