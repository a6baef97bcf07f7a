import { isBatch } from './batch.js';
import { defineConverter } from './converter.js';
import { countAt, fieldsAt, listAt, requiredCountAt } from './fields.js';
import { emptyTokens } from './usage.js';

/** Gemini `embedContent`: Vertex states tokens per embedding; AI Studio mostly states nothing. */
export const convertGeminiEmbeddingsUsage = defineConverter({
  locate(body) {
    if (fieldsAt(body, 'usageMetadata') !== undefined) return body['usageMetadata'];
    const stated = embeddingsOf(body).some((item) => fieldsAt(item, 'statistics') !== undefined);
    return stated
      ? { embeddings: embeddingsOf(body).map((item) => item['statistics']) }
      : undefined;
  },
  read(usage, { call }) {
    const tokens = emptyTokens();
    if ('promptTokenCount' in usage) {
      tokens.input_uncached = requiredCountAt(usage, 'promptTokenCount');
    } else {
      for (const statistics of listAt(usage, 'embeddings')) {
        tokens.input_uncached +=
          countAt(statistics, 'tokenCount') ?? countAt(statistics, 'token_count') ?? 0;
      }
    }
    return { tokens, modifiers: isBatch(call) ? { service_tier: 'batch' } : {} };
  },
});

function embeddingsOf(body: Readonly<Record<string, unknown>>) {
  const single = fieldsAt(body, 'embedding');
  if (single !== undefined) return [single];
  // The older `predict` endpoint: predictions[].embeddings.statistics.
  const predictions = listAt(body, 'predictions').map((item) => fieldsAt(item, 'embeddings') ?? {});
  return predictions.length > 0 ? predictions : listAt(body, 'embeddings');
}
