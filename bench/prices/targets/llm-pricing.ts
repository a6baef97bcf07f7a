import { priceTokenParts } from '../our-tokens.js';
import { importPeer, versionOf } from '../peers.js';
import { billedTokens, type Target } from '../target.js';

interface LlmPricing {
  PricingCatalog: new (options: { sources: readonly unknown[] }) => {
    estimate(request: Record<string, unknown>): { cost: number; pricing: unknown };
  };
}

/** Knows time, long prompts and cache lifetimes. Fed with all of them, from its bundled archive. */
export async function llmPricing(): Promise<Target[]> {
  const { PricingCatalog } = await importPeer<LlmPricing>('llm-pricing');
  const catalog = new PricingCatalog({ sources: [] });
  return [
    {
      name: 'llm-pricing',
      version: versionOf('llm-pricing'),
      fed: 'tokens',
      price: async (call) => {
        const outcome = await priceTokenParts(call, ({ model, tokens, details }) => {
          const { input, cache_read, cache_write, output } = billedTokens(tokens);
          const { cost, pricing } = catalog.estimate({
            model,
            at: new Date(call.case.date),
            perRequest: true,
            inputTokens: input,
            inputIncludesCache: false,
            cachedInputTokens: 0,
            cacheReadInputTokens: cache_read,
            cacheCreationInputTokens: cache_write,
            cacheCreation5mInputTokens: tokens.cache_write_5m,
            cacheCreation1hInputTokens: tokens.cache_write_1h,
            outputTokens: output,
            reasoningOutputTokens: details.reasoning ?? 0,
            reasoningIncludedInOutput: true,
          });
          return pricing === null ? null : cost;
        });
        // Where it knows no price, the cost it states is 0, beside a price that is null.
        return 'usd' in outcome ? { usd: outcome.usd ?? 0 } : outcome;
      },
    },
  ];
}
