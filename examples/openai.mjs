import OpenAI from 'openai';

// Only the base URL and the tags are Farthing's. With the placeholder key the gateway uses its own.
const openai = new OpenAI({
  baseURL: process.env.OPENAI_BASE_URL ?? 'http://127.0.0.1:4141/openai/v1',
  apiKey: process.env.OPENAI_API_KEY ?? 'sk-demo',
  defaultHeaders: { 'x-farthing-feature': 'example', 'x-farthing-template-version': 'v1' },
});

const messages = [{ role: 'user', content: 'What is a farthing worth?' }];

const answer = await openai.chat.completions.create({ model: 'gpt-5-mini', messages });
console.log(answer.choices[0].message.content);

const stream = await openai.chat.completions.create(
  { model: 'gpt-5-mini', messages, stream: true },
  { headers: { 'x-farthing-user': 'jane@example.com' } },
);
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? '');
console.log();
