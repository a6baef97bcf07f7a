import { canonicalProvider } from '@farthing/core';
import type { ModelRule } from './mapping.js';

/**
 * The rules that Farthing declares for sources that record a model but no provider. The first that
 * matches decides; a mapping's own `model_rules` come before them. Names with a slash follow LiteLLM's
 * convention: the first segment names the provider, the rest is the model as that provider knows it.
 */
export const declaredModelRules: readonly ModelRule[] = [
  { match: '^(ollama)_chat/(.+)$', provider: '$1', model: '$2' },
  { match: '^(cohere)_chat/(.+)$', provider: '$1', model: '$2' },
  { match: '^([a-z0-9_-]+)/(.+)$', provider: '$1', model: '$2' },
  { match: '^claude-', provider: 'anthropic' },
  { match: '^(gpt-|chatgpt-|o[1-9](-|$)|text-embedding-|davinci|codex-)', provider: 'openai' },
  { match: '^(gemini-|gemma-)', provider: 'google' },
  { match: '^deepseek-', provider: 'deepseek' },
  { match: '^(mistral-|ministral-|codestral-|open-mi)', provider: 'mistral' },
  { match: '^grok-', provider: 'xai' },
  { match: '^command-', provider: 'cohere' },
];

export interface ResolvedModel {
  provider: string;
  model: string;
}

/** Compiles rules; the resolver answers null for a model that no rule knows. */
export function modelResolver(own: readonly ModelRule[]): (model: string) => ResolvedModel | null {
  const rules = [...own, ...declaredModelRules].map((rule) => ({
    pattern: new RegExp(rule.match, 'i'),
    provider: rule.provider,
    model: rule.model,
  }));
  return (recorded) => {
    for (const { pattern, provider, model } of rules) {
      const match = pattern.exec(recorded);
      if (match === null) continue;
      const fill = (template: string) =>
        template.replaceAll(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '');
      return {
        provider: canonicalProvider(fill(provider)),
        model: model === undefined ? recorded : fill(model),
      };
    }
    return null;
  };
}
