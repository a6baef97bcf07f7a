import { readAnthropicIterations, servingModel } from './anthropic-iterations.js';
import { readAnthropicTokens } from './anthropic-tokens.js';
import { isBatch } from './batch.js';
import { defineConverter, type CallFacts } from './converter.js';
import {
  assertPart,
  countAt,
  fieldsAt,
  nameAt,
  noteUnknown,
  requiredCountAt,
  type Fields,
} from './fields.js';
import { readReportedCost } from './reported-cost.js';
import { type BilledUnits, type PriceModifiers, type TokenDetails } from './usage.js';

/**
 * Anthropic `messages` (also on Vertex and through Bedrock's InvokeModel). `input_tokens`, cache reads
 * and cache writes are disjoint; `output_tokens` includes thinking.
 */
export const convertAnthropicMessagesUsage = defineConverter({
  counts: new Set([
    'input_tokens',
    'cache_creation_input_tokens',
    'cache_read_input_tokens',
    'output_tokens',
  ]),
  locate: (body) => body['usage'],
  identify: (body) => ({ model: servingModel(body), response_id: nameAt(body, 'id') }),
  read(usage, { body, call, notes }) {
    const tokens = readAnthropicTokens(usage, notes);
    tokens.output = requiredCountAt(usage, 'output_tokens');
    const outputDetails = fieldsAt(usage, 'output_tokens_details');
    noteUnknown(outputDetails, knownOutputDetails, 'output_tokens_details', notes);

    const details: TokenDetails = {};
    const thinking = countAt(outputDetails, 'thinking_tokens');
    if (thinking !== undefined) {
      assertPart(thinking, 'thinking_tokens', tokens.output, 'output_tokens');
      details.reasoning = thinking;
    }
    const { nested, requests } = readAnthropicIterations(
      usage,
      nameAt(body, 'model'),
      tokens,
      notes,
    );
    const modifiers = readModifiers(usage, call);
    const reported = readReportedCost(usage, call.provider);
    const credit = fieldsAt(fieldsAt(usage, 'fallback_credit'), 'status');
    if (credit?.['type'] === 'redeemed') {
      notes.push('fallback credit redeemed: the bill is lower than these counts give');
    }
    return {
      tokens,
      details,
      nested,
      units: readUnits(usage, notes),
      modifiers,
      ...(reported === undefined ? {} : { reported }),
      requests: requests.map((part) => ({ tokens: part, details: {}, modifiers })),
    };
  },
});

function readUnits(usage: Fields, notes: string[]): BilledUnits {
  const units: BilledUnits = {};
  const tools = fieldsAt(usage, 'server_tool_use');
  noteUnknown(
    tools,
    knownTools,
    'server_tool_use',
    notes,
    'whose fee, if any, is not in the price',
  );
  const searches = countAt(tools, 'web_search_requests');
  if (searches) units['web_searches'] = searches;
  const fetches = countAt(tools, 'web_fetch_requests');
  if (fetches) units['web_fetches'] = fetches;
  return units;
}

function readModifiers(usage: Fields, call: CallFacts): PriceModifiers {
  const modifiers: PriceModifiers = {};
  const tier = isBatch(call) ? 'batch' : nameAt(usage, 'service_tier');
  const geo = nameAt(usage, 'inference_geo');
  const speed = nameAt(usage, 'speed');
  if (tier !== undefined) modifiers.service_tier = tier;
  if (geo !== undefined) modifiers.inference_geo = geo;
  if (speed !== undefined) modifiers.speed = speed;
  return modifiers;
}

const knownOutputDetails = new Set(['thinking_tokens']);
const knownTools = new Set(['web_search_requests', 'web_fetch_requests']);
