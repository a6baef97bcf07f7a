import { bucketsFromStated } from './buckets-from-total.js';
import { defineConverter } from './converter.js';
import {
  assertPart,
  assertTotal,
  countAt,
  fieldsAt,
  nameAt,
  noteUnknown,
  requiredCountAt,
  type Fields,
} from './fields.js';
import type { TokenDetails } from './usage.js';

/** LangChain `usage_metadata`: `input_tokens` is the total. Python keeps the lifetimes of cache writes, JS does not. */
export const convertLangChainUsage = defineConverter({
  counts: new Set(['input_tokens', 'output_tokens', 'total_tokens']),
  locate: (body) => body['usage_metadata'],
  identify: (body) => {
    const metadata = fieldsAt(body, 'response_metadata');
    return {
      model: nameAt(metadata, 'model_name') ?? nameAt(metadata, 'model'),
      response_id: nameAt(body, 'id'),
    };
  },
  read(usage, { body, call, notes }) {
    const metadata = fieldsAt(body, 'response_metadata');
    const input = requiredCountAt(usage, 'input_tokens');
    const output = requiredCountAt(usage, 'output_tokens');
    assertTotal(countAt(usage, 'total_tokens'), 'total_tokens', input + output);
    const inputDetails = fieldsAt(usage, 'input_token_details');
    const outputDetails = fieldsAt(usage, 'output_token_details');
    // JS keeps the lifetimes only in the provider's own usage, which its streams do not complete.
    const stated = fieldsAt(fieldsAt(metadata, 'usage'), 'cache_creation');
    const named = tierIn(inputDetails) ?? tierIn(outputDetails);
    const count = (fields: Fields | undefined, name: string) =>
      countAt(fields, name) ??
      (named === undefined ? undefined : countAt(fields, `${named}_${name}`));
    const written = count(inputDetails, 'cache_creation');
    const own = lifetimes(inputDetails);
    const native = lifetimes(stated);
    const [cacheWrite5m, cacheWrite1h] =
      native.sum > 0 && native.sum === written ? native.parts : own.parts;
    const split = (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0);
    // With the split, Python states cache_creation as 0 so that its own sums do not count it twice.
    const tokens = bucketsFromStated(
      {
        input,
        output,
        cacheRead: count(inputDetails, 'cache_read'),
        cacheWrite: written || split,
        cacheWrite5m,
        cacheWrite1h,
      },
      call.provider,
    );
    const details: TokenDetails = {};
    const parts = [
      ['reasoning', count(outputDetails, 'reasoning'), output],
      ['input_audio', countAt(inputDetails, 'audio'), input],
      ['output_audio', countAt(outputDetails, 'audio'), output],
    ] as const;
    for (const [name, part, whole] of parts) {
      if (part === undefined) continue;
      assertPart(part, `${name} tokens`, whole, 'the count');
      details[name] = part;
    }
    noteUnknown(inputDetails, knownInputDetails, 'input_token_details', notes);
    noteUnknown(outputDetails, knownOutputDetails, 'output_token_details', notes);
    const tier =
      nameAt(metadata, 'service_tier') ??
      nameAt(fieldsAt(metadata, 'usage'), 'service_tier') ??
      named;
    return { tokens, details, modifiers: tier === undefined ? {} : { service_tier: tier } };
  },
});

/** Tiers that LangChain's OpenAI client names its details by: `flex_cache_read`, and `flex` for the rest. */
const namedTiers = ['flex', 'priority'] as const;

function tierIn(fields: Fields | undefined): string | undefined {
  return namedTiers.find((tier) => fields?.[tier] !== undefined);
}

const ofTiers = (names: readonly string[]) =>
  new Set([
    ...names,
    ...namedTiers.flatMap((tier) => [tier, ...names.map((name) => `${tier}_${name}`)]),
  ]);

const knownInputDetails = ofTiers([
  'cache_read',
  'cache_creation',
  'ephemeral_5m_input_tokens',
  'ephemeral_1h_input_tokens',
  'audio',
  'image',
  'text',
]);
const knownOutputDetails = ofTiers(['reasoning', 'audio', 'image', 'text']);

function lifetimes(fields: Fields | undefined) {
  const parts = [
    countAt(fields, 'ephemeral_5m_input_tokens'),
    countAt(fields, 'ephemeral_1h_input_tokens'),
  ] as const;
  return { parts, sum: (parts[0] ?? 0) + (parts[1] ?? 0) };
}
