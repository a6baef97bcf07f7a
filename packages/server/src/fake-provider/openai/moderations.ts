import type { Exchange, Reply } from '../exchange.js';
import { textAt } from '../json.js';
import { profileOf } from '../model-profile.js';
import { countTokens } from '../tokens.js';
import { openaiInvalid } from './errors.js';
import { answerHeaders } from './headers.js';
import { postingOf } from './posting.js';

const categories = ['harassment', 'hate', 'illicit', 'self-harm', 'sexual', 'violence'];

/** POST /v1/moderations: free, and counted all the same. */
export function moderations(exchange: Exchange): Reply {
  const { body } = exchange;
  const inputs = [body['input']]
    .flat()
    .map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
  const random = exchange.randomFor('moderations', inputs.join('\n'));
  if (body['input'] === undefined) {
    return openaiInvalid("Missing required parameter: 'input'.", 'input', random);
  }
  const model = textAt(body, 'model') ?? 'omni-moderation-latest';
  const each = <T>(value: (category: string) => T): Record<string, T> =>
    Object.fromEntries(categories.map((category) => [category, value(category)]));
  return {
    kind: 'answer',
    headers: answerHeaders(random),
    contentType: 'application/json',
    content: {
      plain: JSON.stringify({
        id: `modr-${random.hex(32)}`,
        model,
        results: inputs.map(() => ({
          flagged: false,
          categories: each(() => false),
          category_scores: each(() => random.next() / 1_000),
          category_applied_input_types: each(() => ['text']),
        })),
      }),
    },
    posting: postingOf(exchange, 'moderations', model, {
      input_uncached: inputs.reduce((sum, text) => sum + countTokens(text), 0),
    }),
    reportsUsage: true,
    profile: profileOf(model),
    random,
  };
}
