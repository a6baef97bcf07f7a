import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';

/** Deterministic choices: the same number always makes the same call. */
function pick<T>(number: number, salt: number, list: readonly T[]): T {
  const hash = Math.imul(number * 2_654_435_761 + salt * 40_503, 2_246_822_519) >>> 0;
  return list[(hash >>> 7) % list.length]!;
}

const features = ['search', 'support', 'review', 'digest', undefined] as const;
const openaiModels = [
  'gpt-5-mini',
  'gpt-5',
  'gpt-4o',
  'gpt-4o-mini',
  'gpt-5.6-sol',
  'house-model-1',
] as const;
const anthropicModels = ['claude-sonnet-5', 'claude-opus-4-8', 'claude-haiku-4-5'] as const;
const geminiModels = ['gemini-2.5-pro', 'gemini-2.5-flash'] as const;
const system = 'You answer questions about invoices, politely and with care. '.repeat(140);

/**
 * Sends call number `n` of a mixed load with the official clients; resolves whatever becomes of it.
 * `wrap` may put something of its own around each client.
 */
export function createMixedCalls(
  gatewayUrl: string,
  wrap: <Client extends object>(client: Client) => Client = (client) => client,
) {
  const openai = wrap(
    new OpenAI({
      baseURL: `${gatewayUrl}/openai/v1`,
      apiKey: 'sk-books',
      maxRetries: 0,
    }),
  );
  const anthropic = wrap(
    new Anthropic({
      baseURL: `${gatewayUrl}/anthropic`,
      apiKey: 'sk-ant-books',
      maxRetries: 0,
    }),
  );
  const gemini = wrap(
    new GoogleGenAI({
      apiKey: 'books',
      httpOptions: { baseUrl: `${gatewayUrl}/gemini` },
    }),
  );

  return async (n: number): Promise<void> => {
    const feature = pick(n, 1, features);
    const fault = n % 50 === 7 ? '429' : n % 50 === 23 ? '500' : undefined;
    const headers: Record<string, string> = {
      ...(feature === undefined ? {} : { 'x-farthing-feature': feature }),
      ...(fault === undefined ? {} : { 'x-fake-fault': fault }),
      'x-fake-output-tokens': String(5 + (n % 90)),
    };
    const question = `Question ${n}: what is due on ${n % 28}?`;
    const kind = pick(n, 2, [
      'chat',
      'chat',
      'chat-stream',
      'chat-stream',
      'responses',
      'responses-stream',
      'embeddings',
      'messages',
      'messages-stream',
      'messages-cached',
      'gemini',
      'gemini-stream',
    ] as const);
    try {
      await send(kind, n, question, headers);
    } catch (error) {
      if (fault === undefined) throw error;
    }
  };

  async function send(kind: string, n: number, question: string, headers: Record<string, string>) {
    const messages = [
      { role: 'system' as const, content: n % 3 === 0 ? system : 'Be brief.' },
      { role: 'user' as const, content: question },
    ];
    const model = pick(n, 3, openaiModels);
    if (kind === 'chat') {
      const service_tier = n % 11 === 0 ? ('flex' as const) : ('auto' as const);
      await openai.chat.completions.create({ model, messages, service_tier }, { headers });
    } else if (kind === 'chat-stream') {
      const options = n % 2 === 0 ? { stream_options: { include_usage: true } } : {};
      const stream = await openai.chat.completions.create(
        { model, messages, stream: true, ...options },
        { headers },
      );
      for await (const chunk of stream) void chunk;
    } else if (kind === 'responses') {
      await openai.responses.create({ model, instructions: system, input: question }, { headers });
    } else if (kind === 'responses-stream') {
      const stream = await openai.responses.create(
        { model, input: question, stream: true },
        { headers },
      );
      for await (const event of stream) void event;
    } else if (kind === 'embeddings') {
      await openai.embeddings.create(
        { model: 'text-embedding-3-small', input: [question, system] },
        { headers },
      );
    } else if (kind.startsWith('messages')) {
      await sendMessage(kind, n, question, headers);
    } else {
      const request = {
        model: pick(n, 4, geminiModels),
        contents: question,
        config: { systemInstruction: system, httpOptions: { headers } },
      };
      if (kind === 'gemini') await gemini.models.generateContent(request);
      else for await (const chunk of await gemini.models.generateContentStream(request)) void chunk;
    }
  }

  async function sendMessage(
    kind: string,
    n: number,
    question: string,
    headers: Record<string, string>,
  ) {
    const ttl = n % 2 === 0 ? ('5m' as const) : ('1h' as const);
    const request = {
      model: pick(n, 5, anthropicModels),
      max_tokens: 200,
      messages: [{ role: 'user' as const, content: question }],
      system:
        kind === 'messages-cached'
          ? [
              {
                type: 'text' as const,
                text: `${n % 7} ${system}`,
                cache_control: { type: 'ephemeral' as const, ttl },
              },
            ]
          : 'Be brief.',
      ...(n % 9 === 0
        ? { tools: [{ type: 'web_search_20250305' as const, name: 'web_search' as const }] }
        : {}),
    };
    if (kind === 'messages-stream')
      await anthropic.messages.stream(request, { headers }).finalMessage();
    else await anthropic.messages.create(request, { headers });
  }
}
