// Calls go to a journal on disk, which `farthing ledger` (or `farthing up`) reads from the same directory.
import { configure, meter } from '@farthing/sdk';
import { journalSink } from '@farthing/sdk/journal';
import OpenAI from 'openai';

const farthing = configure({
  sinks: [await journalSink({ data: process.env.DATA ?? 'farthing-data' })],
});
const openai = meter(
  new OpenAI({
    baseURL: process.env.OPENAI_BASE_URL,
    apiKey: process.env.OPENAI_API_KEY ?? 'none',
  }),
  { feature: 'journal' },
);
const stream = await openai.chat.completions.create({
  model: 'gpt-5-mini',
  messages: [{ role: 'user', content: 'Say hello.' }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? '');
console.log();
await farthing.close();
console.log(farthing.report());
