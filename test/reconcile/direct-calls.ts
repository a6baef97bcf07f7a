import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

/** Calls that are sent to an address as an application would that knows nothing of Farthing. */
export async function chat(
  url: string,
  count: number,
  options: { key?: string; model?: string; headers?: Record<string, string> } = {},
): Promise<void> {
  const openai = new OpenAI({
    baseURL: `${url}/v1`,
    apiKey: options.key ?? 'sk-books',
    maxRetries: 0,
  });
  for (let n = 0; n < count; n++) {
    await openai.chat.completions
      .create(
        {
          model: options.model ?? 'gpt-4o',
          messages: [{ role: 'user', content: `Question ${n} of somebody else?` }],
        },
        { headers: options.headers ?? {} },
      )
      // Some faults make answers that no client can read.
      .catch(() => {});
  }
}

/** Streams of which the reader takes `events` and leaves, or that break off by themselves. */
export async function streams(
  url: string,
  count: number,
  options: { leaveAfter?: number; headers?: Record<string, string> } = {},
): Promise<void> {
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-books', maxRetries: 0 });
  for (let n = 0; n < count; n++) {
    const controller = new AbortController();
    try {
      const stream = await openai.chat.completions.create(
        {
          model: 'gpt-4o',
          messages: [{ role: 'user', content: `Tell a long story, number ${n}.` }],
          stream: true,
        },
        {
          headers: { 'x-fake-output-tokens': '400', ...options.headers },
          signal: controller.signal,
        },
      );
      let seen = 0;
      for await (const chunk of stream) {
        void chunk;
        if (++seen === options.leaveAfter) controller.abort();
      }
    } catch {
      // Left or broken off: that is what is tried here.
    }
  }
}

export async function messages(url: string, count: number): Promise<void> {
  const anthropic = new Anthropic({ baseURL: url, apiKey: 'sk-ant-books', maxRetries: 0 });
  for (let n = 0; n < count; n++) {
    await anthropic.messages.create({
      model: 'claude-sonnet-5',
      max_tokens: 300,
      messages: [{ role: 'user', content: `Question ${n} that went its own way?` }],
    });
  }
}

/**
 * Calls through a gateway that make every kind of line on the providers' bills: another tier, cached
 * input, a model with cache writes, searches.
 */
export async function everyKind(gatewayUrl: string): Promise<void> {
  const openai = new OpenAI({
    baseURL: `${gatewayUrl}/openai/v1`,
    apiKey: 'sk-books',
    maxRetries: 0,
  });
  const anthropic = new Anthropic({
    baseURL: `${gatewayUrl}/anthropic`,
    apiKey: 'sk-ant-books',
    maxRetries: 0,
  });
  const cached = { 'x-fake-input-tokens': '4096', 'x-fake-cached-tokens': '3072' };
  const ask = (model: string, tier: 'flex' | 'auto', headers: Record<string, string>) =>
    openai.chat.completions.create(
      { model, messages: [{ role: 'user', content: 'What is due?' }], service_tier: tier },
      { headers },
    );
  await ask('gpt-5', 'flex', {});
  await ask('gpt-5-mini', 'flex', cached);
  await ask('gpt-4o', 'auto', cached);
  await ask('gpt-5.6-sol', 'auto', cached);
  await anthropic.messages.create(
    {
      model: 'claude-sonnet-5',
      max_tokens: 200,
      messages: [{ role: 'user', content: "Search the web for today's exchange rates." }],
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
    },
    { headers: { 'x-fake-tool-call': 'yes' } },
  );
}
