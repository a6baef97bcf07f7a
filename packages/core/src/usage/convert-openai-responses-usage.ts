import { defineConverter } from './converter.js';
import {
  assertPart,
  assertTotal,
  countAt,
  fieldsAt,
  isFields,
  listAt,
  nameAt,
  noteUnknown,
  requiredCountAt,
  type Fields,
} from './fields.js';
import { openaiModifiers } from './openai-service-tier.js';
import { readReportedCost } from './reported-cost.js';
import { emptyTokens, type BilledUnits, type TokenDetails } from './usage.js';

/**
 * OpenAI `responses` (also Azure and xAI). `input_tokens` includes cached and cache-written ones,
 * `output_tokens` includes reasoning. Fees of built-in tools follow from the output items.
 */
export const convertOpenAIResponsesUsage = defineConverter({
  counts: new Set(['input_tokens', 'output_tokens', 'total_tokens']),
  // A background response wraps nothing; a stream's terminal event wraps the response.
  locate: (body) => responseOf(body)['usage'],
  identify: (body) => ({
    model: nameAt(responseOf(body), 'model'),
    response_id: nameAt(responseOf(body), 'id'),
  }),
  read(usage, { body, call, notes }) {
    const response = responseOf(body);
    const input = requiredCountAt(usage, 'input_tokens');
    const output = requiredCountAt(usage, 'output_tokens');
    assertTotal(countAt(usage, 'total_tokens'), 'total_tokens', input + output);
    const inputDetails = fieldsAt(usage, 'input_tokens_details');
    const outputDetails = fieldsAt(usage, 'output_tokens_details');
    noteUnknown(inputDetails, knownInputDetails, 'input_tokens_details', notes);
    noteUnknown(outputDetails, knownOutputDetails, 'output_tokens_details', notes);

    const tokens = emptyTokens();
    tokens.output = output;
    tokens.cache_read = countAt(inputDetails, 'cached_tokens') ?? 0;
    assertPart(tokens.cache_read, 'cached_tokens', input, 'input_tokens');
    const written = countAt(inputDetails, 'cache_write_tokens') ?? 0;
    tokens.cache_write = Math.min(written, input - tokens.cache_read);
    if (tokens.cache_write < written) {
      notes.push(
        `cache_write_tokens (${written}) clamped to the uncached input (${tokens.cache_write})`,
      );
    }
    tokens.input_uncached = input - tokens.cache_read - tokens.cache_write;

    const details: TokenDetails = {};
    const reasoning = countAt(outputDetails, 'reasoning_tokens');
    if (reasoning !== undefined) {
      assertPart(reasoning, 'reasoning_tokens', output, 'output_tokens');
      details.reasoning = reasoning;
    }
    const reported = readReportedCost(usage, call.provider);
    return {
      tokens,
      details,
      units: {
        ...readOutputItems(response, call.provider),
        ...readServerSideTools(usage, notes),
      },
      modifiers: { ...openaiModifiers(response, call), ...searchTool(response) },
      ...(reported === undefined ? {} : { reported }),
    };
  },
});

function responseOf(body: Fields): Fields {
  return isFields(body['response']) ? body['response'] : body;
}

/** Which version of the web search tool was offered: the response repeats its tools. */
function searchTool(response: Fields): { search_tool?: string } {
  const preview = listAt(response, 'tools').some((tool) =>
    nameAt(tool, 'type')?.startsWith('web_search_preview'),
  );
  return preview ? { search_tool: 'preview' } : {};
}

/** Built-in tool calls that carry a fee. Of web search actions, only `search` does. */
function readOutputItems(response: Fields, provider: string): BilledUnits {
  const units: BilledUnits = {};
  const containers = new Set<unknown>();
  const add = (unit: string) => (units[unit] = (units[unit] ?? 0) + 1);
  for (const item of listAt(response, 'output')) {
    switch (item['type']) {
      case 'web_search_call': {
        const action = nameAt(fieldsAt(item, 'action'), 'type');
        if (action === undefined || action === 'search') add('web_searches');
        break;
      }
      case 'file_search_call':
        add('file_searches');
        break;
      case 'code_interpreter_call':
        if (provider === 'xai') add('code_interpreter_calls');
        else containers.add(item['container_id']);
        break;
      // Billed by the tokens of an image model, which this usage leaves out.
      case 'image_generation_call':
        add('image_generations');
        break;
    }
  }
  // OpenAI bills per container session, however many calls run in it; xAI bills per call.
  if (containers.size > 0) units['code_interpreter_sessions'] = containers.size;
  return units;
}

/** xAI counts its tool calls inside usage instead. */
function readServerSideTools(usage: Fields, notes: string[]): BilledUnits {
  const units: BilledUnits = {};
  const where = 'server_side_tool_usage_details';
  const calls = fieldsAt(usage, where);
  noteUnknown(calls, knownTools, where, notes, 'whose fee, if any, is not in the price');
  for (const [field, unit] of serverSideTools) {
    const count = countAt(calls, field);
    if (count) units[unit] = (units[unit] ?? 0) + count;
  }
  return units;
}

const serverSideTools = [
  ['web_search_calls', 'web_searches'],
  ['x_search_calls', 'social_searches'],
  ['code_interpreter_calls', 'code_interpreter_calls'],
  ['file_search_calls', 'file_searches'],
  ['document_search_calls', 'file_searches'],
] as const;

/** Tools of the caller's own choosing, and what reads images and videos, are paid by their tokens alone. */
const freeTools = ['mcp_calls', 'view_image_calls', 'view_x_video_calls'];
const knownTools = new Set([...serverSideTools.map(([field]) => field), ...freeTools]);

const knownInputDetails = new Set(['cached_tokens', 'cache_write_tokens', 'text_tokens']);
const knownOutputDetails = new Set(['reasoning_tokens', 'text_tokens']);
