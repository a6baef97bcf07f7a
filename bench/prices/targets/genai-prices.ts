import { readFileSync } from 'node:fs';
import { calcPrice, extractUsage, findProvider, type Usage } from '@pydantic/genai-prices';
import type { CorpusCase } from '../corpus.js';
import type { Part } from '../our-tokens.js';
import { priceParts } from '../our-tokens.js';
import { fieldsOf } from '../plain-answer.js';
import { nameOfApi, type BilledTokens, type Target } from '../target.js';

const manifest = new URL(
  '../../../node_modules/@pydantic/genai-prices/package.json',
  import.meta.url,
);
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };

/** Its extractors are named by API flavour; where a provider has no such flavour, nothing is claimed. */
const flavours: Readonly<Record<string, readonly string[]>> = {
  'chat.completions': ['chat', 'default'],
  responses: ['responses'],
  messages: ['anthropic', 'default'],
  invokeModel: ['anthropic'],
  generateContent: ['default'],
  converse: ['default'],
  converseStream: ['default'],
  embeddings: ['embeddings', 'default'],
  'embed.v2': ['embeddings'],
  'chat.v2': ['default'],
  images: ['images'],
  realtime: ['realtime'],
  ocr: ['ocr'],
};

/** Which of its extractors fits the case, if any. */
export function extractorOf({ provider, api }: CorpusCase) {
  const found = findProvider({ providerId: provider });
  const flavour = flavours[nameOfApi(api)]?.find((candidate) =>
    found?.extractors?.some((extractor) => extractor.api_flavor === candidate),
  );
  return found === undefined || flavour === undefined ? undefined : { provider: found, flavour };
}

/** Its own extractors and its own calculator, on the answer as the provider's SDK gives it. */
export const genaiPrices: Target = {
  name: '@pydantic/genai-prices',
  version,
  fed: 'payload',
  price({ case: entry, answer }) {
    if (entry.context?.override !== undefined)
      return { notApplicable: 'a price of the user’s own' };
    const extractor = extractorOf(entry);
    if (extractor === undefined) return { notApplicable: `no extractor for ${entry.api}` };
    if (answer === undefined) return { notApplicable: 'no answer to be fed with' };
    const { usage, model } = extractUsage(
      extractor.provider,
      namedModel(answer, entry),
      extractor.flavour,
    );
    const timestamp = new Date(entry.date);
    const price = calcPrice(usage, model ?? entry.model, {
      provider: extractor.provider,
      timestamp,
    });
    return { usd: price?.total_price, tokens: extracted(usage) };
  },
};

/** It insists on a model in the answer. Where the corpus leaves it out, the requested one stands in. */
export function namedModel(answer: unknown, { model, provider }: CorpusCase): unknown {
  const fields = fieldsOf(answer);
  if (fields === undefined || 'model' in fields || 'modelVersion' in fields) return answer;
  return provider === 'google' && 'usageMetadata' in fields
    ? { ...fields, modelVersion: model }
    : { ...fields, model };
}

/** Its prices and its arithmetic, on Farthing's tokens. */
export const genaiPricesData: Target = {
  name: '@pydantic/genai-prices',
  version,
  fed: 'tokens',
  price: (call) => {
    const { provider, date } = call.case;
    return priceParts(
      call,
      (part) =>
        calcPrice(usageOf(part), part.model, { providerId: provider, timestamp: new Date(date) })
          ?.total_price,
    );
  },
};

function extracted(usage: Usage): BilledTokens {
  const {
    input_tokens = 0,
    cache_read_tokens = 0,
    cache_write_tokens = 0,
    output_tokens = 0,
  } = usage;
  return {
    input: input_tokens - cache_read_tokens - cache_write_tokens,
    cache_read: cache_read_tokens,
    cache_write: cache_write_tokens,
    output: output_tokens,
  };
}

/** Every count that it has a name for. Zeros are left out: it refuses some that a model has no rate for. */
function usageOf({ tokens, details, units }: Part): Usage {
  const write = tokens.cache_write + tokens.cache_write_5m + tokens.cache_write_1h;
  const counts: Usage = {
    input_tokens: tokens.input_uncached + tokens.cache_read + write,
    cache_read_tokens: tokens.cache_read,
    cache_write_tokens: write,
    cache_write_5m_tokens: tokens.cache_write_5m,
    cache_write_1h_tokens: tokens.cache_write_1h,
    output_tokens: tokens.output,
    output_reasoning_tokens: details.reasoning,
    input_audio_tokens: details.input_audio,
    input_image_tokens: details.input_image,
    input_video_tokens: details.input_video,
    cache_audio_read_tokens: details.cache_read_audio,
    cache_image_read_tokens: details.cache_read_image,
    output_audio_tokens: details.output_audio,
    output_image_tokens: details.output_image,
    web_searches: units['web_searches'],
    requests: units['requests'],
    rerank_searches: units['search_units'],
    input_document_pages: units['pages'],
    input_audio_seconds: units['audio_seconds'],
    audio_seconds: units['audio_seconds'],
    input_characters: units['input_characters'],
  };
  return Object.fromEntries(
    Object.entries(counts).filter(([, count]) => count !== undefined && count !== 0),
  );
}
