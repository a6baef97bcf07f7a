import { canonicalProvider } from '../usage/providers.js';
import { names } from './attribute-names.js';
import { textOf, type Attributes } from './span.js';

/** Whose model it is, where a span names the model alone. The name before a slash is the provider's. */
const makers: readonly [RegExp, string][] = [
  [/^claude-/, 'anthropic'],
  [/^(gpt-|chatgpt-|o[1-9](-|$)|text-embedding-|davinci|codex-|dall-e|whisper-)/, 'openai'],
  [/^(gemini-|gemma-)/, 'google'],
  [/^deepseek-/, 'deepseek'],
  [/^(mistral-|ministral-|codestral-|open-mi)/, 'mistral'],
  [/^grok-/, 'xai'],
  [/^(command-|embed-|rerank-)/, 'cohere'],
];

/** The provider that a span states, or else the maker of its model; `unknown` where neither is said. */
export function providerOfSpan(attributes: Attributes, model: string | undefined): string {
  const stated = textOf(attributes, names.provider, 64);
  if (stated !== undefined && !/^(langchain|unknown|_other)$/i.test(stated)) {
    return canonicalProvider(stated);
  }
  if (model === undefined) return 'unknown';
  const prefix = /^([a-z0-9_-]+)\/./i.exec(model)?.[1];
  if (prefix !== undefined) return canonicalProvider(prefix);
  return makers.find(([pattern]) => pattern.test(model.toLowerCase()))?.[1] ?? 'unknown';
}
