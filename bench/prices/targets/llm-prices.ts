import { priceTokenParts } from '../our-tokens.js';
import { importPeer, versionOf } from '../peers.js';
import { billedTokens, type Target } from '../target.js';
import { usageObject } from '../usage-object.js';

interface Counts {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

interface LlmPrices {
  calcCost(model: string, counts: Counts): { total: number } | null;
  calcCostFromUsage(model: string, usage: unknown): { total: number } | null;
  normalizeUsage(usage: unknown): Counts;
}

/** "Anthropic, OpenAI chat, OpenAI responses and Google shapes", as its README has it. */
const reads = /^(chat\.completions|responses|messages|invokeModel|embeddings|generateContent)$/;

/** LiteLLM's prices of the week, with a reader for OpenAI's, Anthropic's and Google's usage objects. */
export async function llmPrices(): Promise<Target[]> {
  const { calcCost, calcCostFromUsage, normalizeUsage } = await importPeer<LlmPrices>('llm-prices');
  const version = versionOf('llm-prices');
  return [
    {
      name: 'llm-prices',
      version,
      fed: 'payload',
      price: ({ case: entry, answer, model }) => {
        const found = usageObject(answer, entry, reads);
        if ('notApplicable' in found) return found;
        const { input, output, cacheRead, cacheWrite } = normalizeUsage(found.usage);
        return {
          usd: calcCostFromUsage(model ?? entry.model, found.usage)?.total,
          tokens: { input, output, cache_read: cacheRead, cache_write: cacheWrite },
        };
      },
    },
    {
      name: 'llm-prices',
      version,
      fed: 'tokens',
      price: (call) =>
        priceTokenParts(call, ({ model, tokens }) => {
          const { input, output, cache_read, cache_write } = billedTokens(tokens);
          const counts = { input, output, cacheRead: cache_read, cacheWrite: cache_write };
          return calcCost(model, counts)?.total;
        }),
    },
  ];
}
