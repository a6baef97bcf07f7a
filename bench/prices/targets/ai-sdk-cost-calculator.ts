import { priceTokenParts, type Part } from '../our-tokens.js';
import { importPeer, versionOf } from '../peers.js';
import { billedTokens, type Target } from '../target.js';

interface Calculator {
  calculateCost(request: Record<string, unknown>): { totalCost: number };
}

/** Reads one shape, that of the AI SDK; Farthing's tokens are handed over in it, with its options. */
export async function aiSdkCostCalculator(): Promise<Target[]> {
  const { calculateCost } = await importPeer<Calculator>('ai-sdk-cost-calculator');
  return [
    {
      name: 'ai-sdk-cost-calculator',
      version: versionOf('ai-sdk-cost-calculator'),
      fed: 'tokens',
      price: (call) =>
        priceTokenParts(
          call,
          (part) => calculateCost({ model: part.model, ...asAiSdk(part) }).totalCost,
        ),
    },
  ];
}

function asAiSdk({ tokens, details, units }: Part) {
  const { input, cache_read, cache_write, output } = billedTokens(tokens);
  const { reasoning = 0 } = details;
  const cachedAudio = details.cache_read_audio ?? 0;
  const cachedImage = details.cache_read_image ?? 0;
  const prompt = input + cache_read + cache_write;
  return {
    usage: {
      inputTokens: prompt,
      inputTokenDetails: {
        noCacheTokens: input,
        cacheReadTokens: cache_read,
        cacheWriteTokens: cache_write,
      },
      outputTokens: output,
      outputTokenDetails: { textTokens: output - reasoning, reasoningTokens: reasoning },
      totalTokens: prompt + output,
    },
    webSearchRequests: units['web_searches'] ?? 0,
    audioInputTokens: (details.input_audio ?? 0) - cachedAudio,
    imageInputTokens: (details.input_image ?? 0) - cachedImage,
    imageCacheReadTokens: cachedImage,
    audioOutputTokens: details.output_audio ?? 0,
    ...(details.output_image === undefined ? {} : { imageOutputTokens: details.output_image }),
  };
}
