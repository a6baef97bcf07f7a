import { bucketsFromStated } from './buckets-from-total.js';
import { defineConverter } from './converter.js';
import { assertPart, assertTotal, countAt, fieldsAt, nameAt, requiredCountAt } from './fields.js';
import type { TokenDetails } from './usage.js';

/** LangChain `usage_metadata`: `input_tokens` is the total. The lifetime split survives in Python only. */
export const convertLangChainUsage = defineConverter({
  locate: (body) => body['usage_metadata'],
  identify: (body) => {
    const metadata = fieldsAt(body, 'response_metadata');
    return {
      model: nameAt(metadata, 'model_name') ?? nameAt(metadata, 'model'),
      response_id: nameAt(body, 'id'),
    };
  },
  read(usage, { call }) {
    const input = requiredCountAt(usage, 'input_tokens');
    const output = requiredCountAt(usage, 'output_tokens');
    assertTotal(countAt(usage, 'total_tokens'), 'total_tokens', input + output);
    const inputDetails = fieldsAt(usage, 'input_token_details');
    const outputDetails = fieldsAt(usage, 'output_token_details');
    const cacheWrite5m = countAt(inputDetails, 'ephemeral_5m_input_tokens');
    const cacheWrite1h = countAt(inputDetails, 'ephemeral_1h_input_tokens');
    const split = (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0);
    // With the split, Python states cache_creation as 0 so that its own sums do not count it twice.
    const tokens = bucketsFromStated(
      {
        input,
        output,
        cacheRead: countAt(inputDetails, 'cache_read'),
        cacheWrite: countAt(inputDetails, 'cache_creation') || split,
        cacheWrite5m,
        cacheWrite1h,
      },
      call.provider,
    );
    const details: TokenDetails = {};
    const parts = [
      ['reasoning', countAt(outputDetails, 'reasoning'), output],
      ['input_audio', countAt(inputDetails, 'audio'), input],
      ['output_audio', countAt(outputDetails, 'audio'), output],
    ] as const;
    for (const [name, count, whole] of parts) {
      if (count === undefined) continue;
      assertPart(count, `${name} tokens`, whole, 'the count');
      details[name] = count;
    }
    return { tokens, details };
  },
});
