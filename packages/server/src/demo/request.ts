import { tagNames, type Tags } from '@farthing/core';
import { Random } from '../fake-provider/random.js';
import { writeText } from '../fake-provider/words.js';
import type { DemoCall } from './draw-work.js';
import { promptParts } from './prompt-parts.js';

export interface DemoRequest {
  /** Path on the gateway. */
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** A key that the fake provider accepts; no real provider knows it. */
const demoKey = 'sk-farthing-demo';
/** `max_tokens` of requests to Anthropic, whose API wants one. */
export const messagesLimit = 8_000;
const instructions = new Map<string, string>();

/**
 * The request that the demo company's application would send: real prompts of the drawn length, tags
 * as headers, in the shape of the provider's API.
 */
export function toRequest(call: DemoCall, textSeed: string): DemoRequest {
  const { variant, stream } = call;
  const { system, turns } = prompt(call, textSeed);
  const { marks, steps } = call.feature;
  const marked = { cache_control: { type: 'ephemeral' } };
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    ...tagHeaders(call.tags),
    'x-fake-output-tokens': String(call.tokens.output),
    'x-fake-reasoning-tokens': String(call.tokens.reasoning),
  };
  if (call.attempt > 1) headers['x-stainless-retry-count'] = String(call.attempt - 1);
  if (call.failure !== null) headers['x-fake-fault'] = String(call.failure);
  const request = (path: string, body: object): DemoRequest => ({
    path,
    headers,
    body: JSON.stringify(body),
  });
  switch (variant.mount) {
    case 'openai':
      headers['authorization'] = `Bearer ${demoKey}`;
      break;
    case 'anthropic':
      headers['x-api-key'] = demoKey;
      headers['anthropic-version'] = '2023-06-01';
      break;
    case 'gemini':
      headers['x-goog-api-key'] = demoKey;
  }
  switch (variant.api) {
    case 'chat.completions':
      return request('/openai/v1/chat/completions', {
        model: variant.model,
        messages: [{ role: 'system', content: system }, ...turns],
        // Half of the callers forget to ask for usage; the gateway asks for them.
        ...(stream
          ? { stream, ...(call.at % 2 ? { stream_options: { include_usage: true } } : {}) }
          : {}),
      });
    case 'responses':
      return request('/openai/v1/responses', {
        model: variant.model,
        instructions: system,
        input: turns,
        ...(stream ? { stream } : {}),
      });
    case 'embeddings':
      return request('/openai/v1/embeddings', {
        model: variant.model,
        input: turns.map((turn) => turn.content),
        encoding_format: 'base64',
      });
    case 'messages':
      return request('/anthropic/v1/messages', {
        model: variant.model,
        max_tokens: messagesLimit,
        system: [{ type: 'text', text: system, ...(marks === 'nothing' ? {} : marked) }],
        messages: turns,
        ...(steps === undefined && marks !== 'everything' ? {} : marked),
        ...(call.tokens.searches > 0
          ? { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }
          : {}),
        ...(call.tokens.reasoning > 0 ? { thinking: { type: 'adaptive' } } : {}),
        ...(stream ? { stream } : {}),
      });
    case 'generateContent': {
      const verb = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
      return request(`/gemini/v1beta/models/${variant.model}:${verb}`, {
        systemInstruction: { parts: [{ text: system }] },
        contents: turns.map(({ role, content }) => ({
          role: role === 'assistant' ? 'model' : 'user',
          parts: [{ text: content }],
        })),
      });
    }
  }
}

interface Turn {
  role: 'user' | 'assistant';
  content: string;
}

/** The feature's standing instructions and the conversation so far; earlier turns repeat word for word. */
function prompt(call: DemoCall, textSeed: string): { system: string; turns: Turn[] } {
  const { feature, step } = call;
  const system =
    instructions.get(feature.name) ??
    writeText(new Random(feature.name), feature.systemTokens).join('');
  instructions.set(feature.name, system);
  const turns: Turn[] = [];
  for (let earlier = 0; earlier < step; earlier++) {
    const random = new Random(`${textSeed} ${earlier}`);
    turns.push(
      { role: 'user', content: writeText(random, Math.round(feature.userTokens * 0.7)).join('') },
      { role: 'assistant', content: writeText(random, 40).join('') },
    );
  }
  const parts = promptParts(call);
  const random = new Random(`${textSeed} ${step}`);
  const write = (length: number) => writeText(random, length).join('');
  const said = Math.round(feature.userTokens * (feature.historyShare ?? 0));
  if (said > 0) {
    // Of a chat, which is not drawn step by step: what was said before it came here.
    const before = Math.max(20, parts.history - step * Math.round(feature.userTokens * 0.8));
    turns.push(
      { role: 'user', content: write(Math.ceil(before * 0.4)) },
      { role: 'assistant', content: write(Math.ceil(before * 0.6)) },
    );
  }
  const context = parts.context > 0 ? `<documents>${write(parts.context)}</documents>\n\n` : '';
  turns.push({ role: 'user', content: context + write(Math.max(20, parts.user)) });
  const time = feature.dated === true ? `Now: ${new Date(call.at).toISOString()}\n` : '';
  return { system: time + system, turns };
}

/** `x-farthing-<tag>` for the tags with a meaning of their own, one header for a team's own. */
function tagHeaders(tags: Tags): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of tagNames) {
    const value = tags[name];
    if (value !== undefined) headers[`x-farthing-${name.replaceAll('_', '-')}`] = value;
  }
  const custom = Object.entries(tags.custom ?? {});
  if (custom.length > 0) {
    headers['x-farthing-tags'] = custom.map(([key, value]) => `${key}=${value}`).join(',');
  }
  return headers;
}
