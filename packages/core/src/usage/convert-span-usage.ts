import { bucketsFromStated } from './buckets-from-total.js';
import { defineConverter } from './converter.js';
import {
  assertPart,
  countAt,
  fieldsAt,
  nameAt,
  UsageContradiction,
  type Fields,
} from './fields.js';
import { totalInput, type TokenDetails } from './usage.js';

/** Where one telemetry vocabulary keeps its counts; names are tried in order, current ones first. */
interface Vocabulary {
  model: readonly string[];
  input: readonly string[];
  output: readonly string[];
  total: readonly string[];
  cacheRead: readonly string[];
  cacheWrite: readonly string[];
  reasoning: readonly string[];
  /** Counts by modality: subsets of the above, where the vocabulary has names for them. */
  parts: readonly (readonly [
    name: keyof TokenDetails,
    attribute: string,
    of: 'input' | 'output',
  ])[];
}

/** OpenTelemetry GenAI, with the names it used before. `input_tokens` includes cached ones. */
export const convertOtelGenAiUsage = spanConverter({
  model: ['gen_ai.response.model', 'gen_ai.request.model'],
  input: ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens'],
  output: ['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens'],
  total: ['gen_ai.usage.total_tokens'],
  cacheRead: [
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'gen_ai.usage.details.cache_read_tokens',
    'gen_ai.usage.details.cache_read_input_tokens',
    'gen_ai.usage.details.cached_tokens',
  ],
  cacheWrite: [
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'gen_ai.usage.details.cache_write_tokens',
    'gen_ai.usage.details.cache_creation_input_tokens',
  ],
  reasoning: [
    'gen_ai.usage.reasoning.output_tokens',
    'gen_ai.usage.reasoning_tokens',
    'gen_ai.usage.details.reasoning_tokens',
  ],
  parts: [
    ['input_audio', 'gen_ai.usage.audio.input_tokens', 'input'],
    ['input_image', 'gen_ai.usage.image.input_tokens', 'input'],
    ['cache_read_audio', 'gen_ai.usage.audio.cache_read.input_tokens', 'input'],
    ['cache_read_image', 'gen_ai.usage.image.cache_read.input_tokens', 'input'],
    ['output_audio', 'gen_ai.usage.audio.output_tokens', 'output'],
    ['output_image', 'gen_ai.usage.image.output_tokens', 'output'],
  ],
});

/** OpenInference (`llm.token_count.*`). The prompt count includes cached tokens. */
export const convertOpenInferenceUsage = spanConverter({
  model: ['llm.output_model_name', 'llm.model_name', 'llm.input_model_name'],
  input: ['llm.token_count.prompt'],
  output: ['llm.token_count.completion'],
  total: ['llm.token_count.total'],
  cacheRead: [
    'llm.token_count.prompt_details.cache_read',
    'llm.token_count.prompt_details.cache_input',
  ],
  cacheWrite: ['llm.token_count.prompt_details.cache_write'],
  reasoning: ['llm.token_count.completion_details.reasoning'],
  parts: [
    ['input_audio', 'llm.token_count.prompt_details.audio', 'input'],
    ['output_audio', 'llm.token_count.completion_details.audio', 'output'],
  ],
});

/** OpenLLMetry. Whether its prompt count includes cached tokens changed between versions. */
export const convertOpenLLMetryUsage = spanConverter({
  model: ['gen_ai.response.model', 'gen_ai.request.model'],
  input: ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens'],
  output: ['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens'],
  total: ['llm.usage.total_tokens', 'gen_ai.usage.total_tokens'],
  cacheRead: ['gen_ai.usage.cache_read_input_tokens', 'gen_ai.usage.cache_read.input_tokens'],
  cacheWrite: [
    'gen_ai.usage.cache_creation_input_tokens',
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
  ],
  reasoning: ['gen_ai.usage.reasoning_tokens', 'gen_ai.usage.reasoning.output_tokens'],
  parts: [],
});

/**
 * Payload: `{ attributes }`, and `input_excludes_cache: true` where the instrumentation is known to pass
 * a count on that leaves cached tokens out.
 */
function spanConverter(names: Vocabulary) {
  return defineConverter({
    locate(body) {
      const attributes = fieldsAt(body, 'attributes');
      const stated = [...names.input, ...names.output].some((name) => attributes?.[name] != null);
      return stated ? attributes : undefined;
    },
    identify: (body) => ({
      model: firstName(fieldsAt(body, 'attributes'), names.model),
      response_id: nameAt(fieldsAt(body, 'attributes'), 'gen_ai.response.id'),
    }),
    read(attributes, { body, call, notes }) {
      const input = firstCount(attributes, names.input);
      if (input === undefined) throw new UsageContradiction(`${names.input[0]} is missing`);
      // A span of an embedding has no output count.
      const output = firstCount(attributes, names.output) ?? 0;
      const cacheRead = firstCount(attributes, names.cacheRead);
      const cacheWrite = firstCount(attributes, names.cacheWrite);
      const total = firstCount(attributes, names.total);
      const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
      const exclusive =
        (body['input_excludes_cache'] === true && cached > 0) ||
        isExclusive({ input, output, cached, total });
      if (cacheRead === undefined && cacheWrite === undefined) {
        notes.push('the span does not say which input was cached: all of it counts as uncached');
      }
      if (exclusive) notes.push('the input count leaves cached tokens out, against the convention');
      const tokens = bucketsFromStated(
        { input, output, cacheRead, cacheWrite },
        call.provider,
        exclusive,
      );
      const details: TokenDetails = {};
      const wholes = { input: totalInput(tokens), output };
      const parts = names.parts.map(
        ([name, attribute, of]) => [name, countAt(attributes, attribute), wholes[of]] as const,
      );
      const reasoning = ['reasoning', firstCount(attributes, names.reasoning), output] as const;
      for (const [name, count, whole] of [reasoning, ...parts]) {
        if (count === undefined) continue;
        assertPart(count, `${name} tokens`, whole, 'the count');
        details[name] = count;
      }
      const tier =
        nameAt(attributes, 'openai.response.service_tier') ??
        nameAt(attributes, 'gen_ai.openai.response.service_tier');
      return { tokens, details, modifiers: tier === undefined ? {} : { service_tier: tier } };
    },
  });
}

/**
 * The convention is that input includes the cached part. Some instrumentations of Anthropic pass its
 * own count on, which excludes it: then the parts exceed the input, or only their sum gives the total.
 */
function isExclusive(counts: {
  input: number;
  output: number;
  cached: number;
  total: number | undefined;
}): boolean {
  const { input, output, cached, total } = counts;
  if (cached === 0) {
    if (total !== undefined && total !== input + output) {
      throw new UsageContradiction(
        `the total is ${total}, but the counts add up to ${input + output}`,
      );
    }
    return false;
  }
  if (cached > input) return true;
  if (total === undefined || total === input + output) return false;
  if (total === input + cached + output) return true;
  throw new UsageContradiction(`the total is ${total}, but the counts add up to ${input + output}`);
}

function firstCount(attributes: Fields, names: readonly string[]): number | undefined {
  for (const name of names) {
    const count = countAt(attributes, name);
    if (count !== undefined) return count;
  }
  return undefined;
}

function firstName(attributes: Fields | undefined, names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = nameAt(attributes, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
