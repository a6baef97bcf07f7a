import { isBatch } from './batch.js';
import { defineConverter, type CallFacts } from './converter.js';
import {
  assertPart,
  assertTotal,
  countAt,
  fieldsAt,
  listAt,
  nameAt,
  requiredCountAt,
  type Fields,
} from './fields.js';
import { emptyTokens, type PriceModifiers, type TokenDetails } from './usage.js';

/**
 * Gemini `generateContent` on AI Studio and Vertex, and the Live API. `promptTokenCount` includes the
 * cached part; tool-use prompts come on top of it, thoughts on top of the candidates.
 */
export const convertGeminiUsage = defineConverter({
  counts: new Set([
    'promptTokenCount',
    'initialPromptTokenCount',
    'cachedContentTokenCount',
    'toolUsePromptTokenCount',
    'candidatesTokenCount',
    'responseTokenCount',
    'thoughtsTokenCount',
    'totalTokenCount',
  ]),
  locate: (body) => body['usageMetadata'] ?? body['usage'],
  identify: (body) => ({
    model: nameAt(body, 'modelVersion') ?? nameAt(body, 'model'),
    response_id: nameAt(body, 'responseId'),
  }),
  read(usage, { body, call, notes }) {
    const prompt = requiredCountAt(usage, 'promptTokenCount');
    const cached = countAt(usage, 'cachedContentTokenCount') ?? 0;
    const toolUse = countAt(usage, 'toolUsePromptTokenCount');
    const thoughts = countAt(usage, 'thoughtsTokenCount');
    // Absent when the prompt was blocked or the answer was cut off while thinking.
    const candidates =
      countAt(usage, 'candidatesTokenCount') ?? countAt(usage, 'responseTokenCount') ?? 0;
    assertPart(cached, 'cachedContentTokenCount', prompt, 'promptTokenCount');

    const tokens = emptyTokens();
    tokens.cache_read = cached;
    tokens.input_uncached = prompt - cached + (toolUse ?? 0);
    tokens.output = candidates + (thoughts ?? 0);
    const sum = prompt + (toolUse ?? 0) + tokens.output;
    assertTotal(countAt(usage, 'totalTokenCount'), 'totalTokenCount', sum);

    const details: TokenDetails = {};
    if (thoughts !== undefined) details.reasoning = thoughts;
    if (toolUse !== undefined) details.tool_use_input = toolUse;
    const inputLists = ['promptTokensDetails', 'toolUsePromptTokensDetails'];
    const outputLists = ['candidatesTokensDetails', 'responseTokensDetails'];
    const parts: [keyof TokenDetails, string[], string, number][] = [
      ['input_audio', inputLists, 'AUDIO', prompt + (toolUse ?? 0)],
      ['input_image', inputLists, 'IMAGE', prompt + (toolUse ?? 0)],
      ['input_video', inputLists, 'VIDEO', prompt + (toolUse ?? 0)],
      ['cache_read_audio', ['cacheTokensDetails'], 'AUDIO', cached],
      ['cache_read_image', ['cacheTokensDetails'], 'IMAGE', cached],
      ['output_audio', outputLists, 'AUDIO', tokens.output],
      ['output_image', outputLists, 'IMAGE', tokens.output],
    ];
    for (const [name, lists, modality, whole] of parts) {
      const count = lists.reduce((sum, list) => sum + modalityCount(usage, list, modality), 0);
      // Where the cached part is broken down, that no audio was cached is known, not unsaid.
      const brokenDown =
        name.startsWith('cache_read') && listAt(usage, 'cacheTokensDetails').length > 0;
      if (count === 0 && !brokenDown) continue;
      assertPart(count, `${name} tokens`, whole, 'the count');
      details[name] = count;
    }
    noteGrounding(body, notes);
    return { tokens, details, modifiers: readModifiers(usage, call) };
  },
});

function modalityCount(usage: Fields, list: string, modality: string): number {
  let sum = 0;
  for (const item of listAt(usage, list)) {
    if (nameAt(item, 'modality')?.toUpperCase() === modality)
      sum += countAt(item, 'tokenCount') ?? 0;
  }
  return sum;
}

/**
 * AI Studio states `serviceTier`, Vertex `trafficType`. The latter is brought to the former's words:
 * `ON_DEMAND_FLEX` is `flex`, `ON_DEMAND` is `standard`.
 */
function readModifiers(usage: Fields, call: CallFacts): PriceModifiers {
  if (isBatch(call)) return { service_tier: 'batch' };
  const tier = nameAt(usage, 'serviceTier') ?? nameAt(usage, 'service_tier');
  if (tier !== undefined) return { service_tier: tier.toLowerCase() };
  const traffic = nameAt(usage, 'trafficType')?.toUpperCase();
  if (traffic === undefined || traffic === 'TRAFFIC_TYPE_UNSPECIFIED') return {};
  if (traffic === 'ON_DEMAND') return { service_tier: 'standard' };
  return { service_tier: traffic.replace(/^ON_DEMAND_/, '').toLowerCase() };
}

/** The fee for grounding depends on a daily free quota that is shared between calls. */
function noteGrounding(body: Fields, notes: string[]): void {
  for (const candidate of listAt(body, 'candidates')) {
    const queries = fieldsAt(candidate, 'groundingMetadata')?.['webSearchQueries'];
    if (Array.isArray(queries) && queries.length > 0) {
      notes.push(
        `grounded with ${queries.length} web searches: their fee depends on a free quota shared by all calls and is not included`,
      );
    }
  }
}
