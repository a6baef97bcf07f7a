import { isBatch } from './batch.js';
import { defineConverter, type Answer } from './converter.js';
import {
  assertPart,
  assertTotal,
  countAt,
  fieldsAt,
  listAt,
  noteUnknown,
  requiredCountAt,
} from './fields.js';
import { readReportedCost } from './reported-cost.js';
import { emptyTokens, type BilledUnits, type TokenDetails } from './usage.js';

/**
 * OpenAI images. GPT image models state tokens (without output details, all output is image); DALL·E
 * states nothing and is priced per image, by the size and quality that the request asked for.
 */
export const convertOpenAIImagesUsage = defineConverter({
  counts: new Set(['input_tokens', 'output_tokens', 'total_tokens']),
  locate: (body) => body['usage'],
  read(usage, answer) {
    const { call, notes } = answer;
    const tokens = emptyTokens();
    const reported = readReportedCost(usage, call.provider);
    // xAI states its bill instead of tokens.
    if (reported !== undefined && usage['input_tokens'] == null) {
      return { tokens, units: imagesIn(answer), reported };
    }
    tokens.input_uncached = requiredCountAt(usage, 'input_tokens');
    tokens.output = requiredCountAt(usage, 'output_tokens');
    assertTotal(
      countAt(usage, 'total_tokens'),
      'total_tokens',
      tokens.input_uncached + tokens.output,
    );
    const inputDetails = fieldsAt(usage, 'input_tokens_details');
    const cached = countAt(inputDetails, 'cached_tokens') ?? 0;
    assertPart(cached, 'cached_tokens', tokens.input_uncached, 'input_tokens');
    const details: TokenDetails = {};
    const inputImage = countAt(inputDetails, 'image_tokens');
    if (inputImage) {
      assertPart(inputImage, 'image_tokens', tokens.input_uncached, 'input_tokens');
      details.input_image = inputImage;
    }
    const cachedImage = countAt(fieldsAt(inputDetails, 'cached_tokens_details'), 'image_tokens');
    if (cachedImage !== undefined) {
      assertPart(cachedImage, 'cached image_tokens', cached, 'cached_tokens');
      details.cache_read_image = cachedImage;
    }
    const outputDetails = fieldsAt(usage, 'output_tokens_details');
    noteUnknown(inputDetails, knownInputDetails, 'input_tokens_details', notes);
    noteUnknown(outputDetails, knownOutputDetails, 'output_tokens_details', notes);
    const outputText = countAt(outputDetails, 'text_tokens') ?? 0;
    assertPart(outputText, 'text_tokens', tokens.output, 'output_tokens');
    const outputImage = countAt(outputDetails, 'image_tokens') ?? tokens.output - outputText;
    assertPart(outputImage, 'image_tokens', tokens.output, 'output_tokens');
    details.output_image = outputImage;
    tokens.input_uncached -= cached;
    tokens.cache_read = cached;
    return {
      tokens,
      details,
      modifiers: isBatch(call) ? { service_tier: 'batch' } : {},
      ...(reported === undefined ? {} : { reported }),
    };
  },
  readWithout(_, answer) {
    const units = imagesIn(answer);
    return units['images'] === undefined ? undefined : { tokens: emptyTokens(), units };
  },
});

function imagesIn({ body, call }: Answer): BilledUnits {
  const images = listAt(body, 'data').length || call.context?.request?.n || 0;
  return images === 0 ? {} : { images };
}

const knownInputDetails = new Set(['cached_tokens', 'text_tokens', 'image_tokens']);
const knownOutputDetails = new Set(['text_tokens', 'image_tokens']);
