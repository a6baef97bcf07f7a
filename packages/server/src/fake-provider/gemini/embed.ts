import { listingOf, noCounts } from '../billing.js';
import { notice, type Exchange, type Reply } from '../exchange.js';
import { isObject, listAt, numberAt, type JsonObject } from '../json.js';
import { profileOf } from '../model-profile.js';
import { Random } from '../random.js';
import { geminiError } from './errors.js';
import { readPrompt } from './prompt.js';

/**
 * POST /v1beta/models/{model}:embedContent and :batchEmbedContents. The answer names no usage, as
 * AI Studio's does not; what is billed stands in the books alone.
 */
export function embedContent(model: string, batch: boolean): (exchange: Exchange) => Reply {
  return (exchange) => {
    const requests = batch ? listAt(exchange.body, 'requests').filter(isObject) : [exchange.body];
    if (requests.length === 0) return geminiError(400, '* requests: at least one is required\n');
    const prompts = requests.map(readPrompt);
    const tokens =
      exchange.directives.inputTokens ?? prompts.reduce((sum, prompt) => sum + prompt.tokens, 0);
    const values = requests.map((request, index) => ({
      values: vector(`${model}\n${prompts[index]?.text ?? ''}`, dimensionsOf(request, model)),
    }));
    const random = exchange.randomFor(model, prompts.map((prompt) => prompt.text).join('\n'));
    return {
      kind: 'answer',
      headers: {},
      contentType: 'application/json; charset=UTF-8',
      content: {
        plain: JSON.stringify(batch ? { embeddings: values } : { embedding: values[0] }, null, 2),
      },
      posting: {
        at: exchange.now,
        provider: 'gemini',
        api: 'embeddings',
        keyId: exchange.keyId,
        model,
        tier: 'default',
        geo: 'global',
        counts: { ...noCounts(), input_uncached: tokens },
      },
      reportsUsage: false,
      profile: profileOf(model),
      random,
    };
  };
}

/** GET /v1beta/models/{model}: a short description, enough for clients that look a model up. */
export function describeModel(model: string): (exchange: Exchange) => Reply {
  return () =>
    notice(
      200,
      {
        name: `models/${model}`,
        version: '001',
        displayName: model,
        inputTokenLimit: 1_048_576,
        outputTokenLimit: 65_536,
        supportedGenerationMethods: ['generateContent', 'countTokens'],
      },
      { indent: 2 },
    );
}

function dimensionsOf(request: JsonObject, model: string): number {
  const most = listingOf('gemini', model)?.embeddingDimensions ?? 768;
  const asked = Math.floor(numberAt(request, 'outputDimensionality') ?? most);
  return Math.min(most, Math.max(1, asked));
}

function vector(text: string, dimensions: number): number[] {
  const random = new Random(text);
  return Array.from({ length: dimensions }, () => random.next() * 2 - 1);
}
