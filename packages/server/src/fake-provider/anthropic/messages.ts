import { answeringModel, listingOf, type Counts } from '../billing.js';
import { draftAnswer, type Draft } from '../draft.js';
import type { Exchange, Reply } from '../exchange.js';
import { isObject, listAt, numberAt, objectAt, textAt, type JsonObject } from '../json.js';
import { profileOf } from '../model-profile.js';
import type { Random } from '../random.js';
import { reportedUsage } from '../usage-report.js';
import { writeText } from '../words.js';
import { inputCounts } from './cache.js';
import { anthropicError } from './errors.js';
import { messageEvents } from './message-events.js';
import {
  clientTools,
  endsWithToolResult,
  offersSearch,
  readSegments,
  toolChoiceOf,
} from './prompt.js';

/** What one search hands to the model, in tokens; it is part of the billed input. */
const tokensPerSearch = 3_100;

/** POST /v1/messages. */
export function createMessage(exchange: Exchange): Reply {
  const { body, directives } = exchange;
  const requested = textAt(body, 'model');
  const segments = readSegments(body);
  const text = segments.map((segment) => segment.text).join('');
  const random = exchange.randomFor(requested ?? '', text);
  const missing =
    requested === undefined
      ? 'model'
      : numberAt(body, 'max_tokens') === undefined
        ? 'max_tokens'
        : listAt(body, 'messages').length === 0
          ? 'messages'
          : undefined;
  if (requested === undefined || missing !== undefined) {
    return anthropicError(400, `${missing}: Field required`, random);
  }
  const model = answeringModel('anthropic', requested);
  const profile = profileOf(model);
  const draft = draftAnswer({
    profile,
    directives,
    random,
    maxOutput: numberAt(body, 'max_tokens'),
    effort: thinkingEffort(body),
    tools: clientTools(body),
    toolChoice: toolChoiceOf(body),
    schema: objectAt(objectAt(body, 'output_config'), 'format')['schema'],
    afterToolResult: endsWithToolResult(body),
  });
  const canSearch = listingOf('anthropic', model)?.webSearchPerThousand !== undefined;
  const searches =
    draft.toolCall === null && canSearch && offersSearch(body) ? random.integer(1, 3) : 0;
  const geo = geoOf(body, model);
  const counts = {
    ...inputCounts(exchange, model, segments, searches * tokensPerSearch),
    output: draft.output,
    web_searches: searches,
  };
  const usage = reportedUsage(usageOf(counts, draft, geo), directives, random);
  const message: JsonObject = {
    model,
    id: `msg_01${random.characters(22)}`,
    type: 'message',
    role: 'assistant',
    content: contentBlocks(draft, searches, random),
    stop_reason: { stop: 'end_turn', length: 'max_tokens', tool: 'tool_use' }[draft.finish],
    stop_sequence: null,
    ...(usage === undefined ? {} : { usage }),
  };
  const stream = body['stream'] === true;
  return {
    kind: 'answer',
    headers: {
      'request-id': `req_${random.characters(24)}`,
      'anthropic-organization-id': '00000000-0000-4000-8000-00000000fa6e',
      'anthropic-ratelimit-requests-limit': '4000',
      'anthropic-ratelimit-requests-remaining': String(random.integer(3000, 3999)),
    },
    contentType: stream ? 'text/event-stream; charset=utf-8' : 'application/json',
    content: stream
      ? { frames: messageEvents(message, draft, usage, random) }
      : { plain: JSON.stringify(message) },
    posting: {
      at: exchange.now,
      provider: 'anthropic',
      api: 'completions',
      keyId: exchange.keyId,
      model,
      tier: 'standard',
      geo,
      counts,
    },
    reportsUsage: true,
    profile,
    random,
  };
}

function usageOf(counts: Counts, draft: Draft, geo: string): JsonObject {
  return {
    input_tokens: counts.input_uncached,
    cache_creation_input_tokens: counts.cache_write_5m + counts.cache_write_1h,
    cache_read_input_tokens: counts.cache_read,
    cache_creation: {
      ephemeral_5m_input_tokens: counts.cache_write_5m,
      ephemeral_1h_input_tokens: counts.cache_write_1h,
    },
    output_tokens: draft.output,
    ...(draft.reasoning > 0 ? { output_tokens_details: { thinking_tokens: draft.reasoning } } : {}),
    ...(counts.web_searches > 0
      ? { server_tool_use: { web_search_requests: counts.web_searches, web_fetch_requests: 0 } }
      : {}),
    service_tier: 'standard',
    inference_geo: geo,
  };
}

/** Thinking, then searches with their results, then the answer or the tool call. */
function contentBlocks(draft: Draft, searches: number, random: Random): JsonObject[] {
  const content: JsonObject[] = [];
  if (draft.reasoning > 0) {
    content.push({
      type: 'thinking',
      thinking: writeText(random, Math.min(draft.reasoning, 400)).join(''),
      signature: random.characters(200),
    });
  }
  for (let search = 0; search < searches; search++) {
    const id = `srvtoolu_01${random.characters(22)}`;
    const query = writeText(random, 5).join('').replace(/\.$/, '');
    content.push(
      { type: 'server_tool_use', id, name: 'web_search', input: { query } },
      {
        type: 'web_search_tool_result',
        tool_use_id: id,
        content: [
          {
            type: 'web_search_result',
            title: writeText(random, 6).join(''),
            url: `https://example.com/${random.hex(8)}`,
            encrypted_content: random.characters(120),
            page_age: null,
          },
        ],
      },
    );
  }
  const { toolCall } = draft;
  content.push(
    toolCall === null
      ? { type: 'text', text: draft.text.join('') }
      : {
          type: 'tool_use',
          id: `toolu_01${random.characters(22)}`,
          name: toolCall.name,
          input: isObject(toolCall.arguments) ? toolCall.arguments : {},
        },
  );
  return content;
}

function thinkingEffort(body: JsonObject): 'none' | 'low' | 'medium' | 'high' {
  const thinking = objectAt(body, 'thinking');
  if (thinking['type'] !== 'enabled' && thinking['type'] !== 'adaptive') return 'none';
  const budget = numberAt(thinking, 'budget_tokens') ?? 4_096;
  return budget >= 10_000 ? 'high' : budget >= 2_048 ? 'medium' : 'low';
}

/** Models from Opus 4.6 and Sonnet 4.6 on say where they ran; older ones cannot. */
function geoOf(body: JsonObject, model: string): string {
  if (listingOf('anthropic', model)?.geoSurcharge !== true) return 'not_available';
  return textAt(body, 'inference_geo') === 'us' ? 'us' : 'global';
}
