import { notice, type Exchange, type Reply } from '../exchange.js';
import { isObject } from '../json.js';
import { readPrompt } from './prompt.js';

/** POST /v1beta/models/{model}:countTokens. Free. */
export function countContentTokens(exchange: Exchange): Reply {
  const nested = exchange.body['generateContentRequest'];
  const prompt = readPrompt(isObject(nested) ? nested : exchange.body);
  const tokens = exchange.directives.inputTokens ?? prompt.tokens;
  return notice(
    200,
    {
      totalTokens: tokens,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: tokens }],
    },
    { indent: 2 },
  );
}
