import Anthropic from '@anthropic-ai/sdk';

const anthropic = new Anthropic({
  baseURL: process.env.ANTHROPIC_BASE_URL ?? 'http://127.0.0.1:4141/anthropic',
  apiKey: process.env.ANTHROPIC_API_KEY ?? 'sk-demo',
  defaultHeaders: { 'x-farthing-feature': 'example' },
});

// The second call reads from the cache what the first one wrote: the dashboard shows both at their rates.
const rules = 'You are an accountant of the old school, exact and kind. '.repeat(200);
for (const question of ['What is a farthing?', 'And a groat?']) {
  const message = await anthropic.messages.create({
    model: 'claude-sonnet-5',
    max_tokens: 300,
    system: [{ type: 'text', text: rules, cache_control: { type: 'ephemeral' } }],
    messages: [{ role: 'user', content: question }],
  });
  console.log(message.usage);
}
