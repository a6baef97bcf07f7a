import { importPeer, versionOf } from '../peers.js';
import type { Target } from '../target.js';
import { usageObject } from '../usage-object.js';

interface Tokentally {
  normalizeTokenUsage(raw: unknown): {
    inputTokens: number;
    outputTokens: number;
    uncachedInputTokens?: number;
    cachedInputTokens?: number;
    cacheCreationInputTokens?: number;
  } | null;
}

/** "OpenAI-style …, Anthropic-style …, camelCase variants", as its README has it. */
const reads = /^(chat\.completions|responses|messages|invokeModel|embeddings|ai-sdk\.(v5|v6|v7))$/;

/** A reader without prices of its own: it downloads LiteLLM's when asked. Only its tokens are judged. */
export async function tokentally(): Promise<Target[]> {
  const { normalizeTokenUsage } = await importPeer<Tokentally>('tokentally');
  return [
    {
      name: 'tokentally',
      version: versionOf('tokentally'),
      fed: 'payload',
      readsOnly: true,
      price: ({ case: entry, answer }) => {
        const found = usageObject(answer, entry, reads);
        if ('notApplicable' in found) return found;
        const usage = normalizeTokenUsage(found.usage);
        return {
          usd: null,
          tokens: usage && {
            input: usage.uncachedInputTokens ?? usage.inputTokens,
            cache_read: usage.cachedInputTokens ?? 0,
            cache_write: usage.cacheCreationInputTokens ?? 0,
            output: usage.outputTokens,
          },
        };
      },
    },
  ];
}
