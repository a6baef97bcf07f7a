import { answeringModel, listingOf, servedTier } from '../billing.js';
import { draftAnswer, type Draft } from '../draft.js';
import type { Exchange, Reply } from '../exchange.js';
import { isObject, listAt, numberAt, objectAt, textAt, type JsonObject } from '../json.js';
import { profileOf } from '../model-profile.js';
import type { Random } from '../random.js';
import { reportedUsage } from '../usage-report.js';
import { writeText } from '../words.js';
import { openaiInvalid } from './errors.js';
import { answerHeaders } from './headers.js';
import { effortOf, functionTools, readPrompt, toolChoiceOf } from './prompt.js';
import { responseEvents } from './response-events.js';
import { cacheDetails, inputCounts, promptTotal } from './usage.js';

/** What one search hands to the model, in tokens; it is part of the billed input. */
const tokensPerSearch = 2_400;

/** POST /v1/responses. */
export function createResponse(exchange: Exchange): Reply {
  const { body, directives } = exchange;
  const requested = textAt(body, 'model');
  const prompt = readPrompt(body);
  const random = exchange.randomFor(requested ?? '', prompt.text);
  if (requested === undefined) {
    return openaiInvalid("Missing required parameter: 'model'.", 'model', random);
  }
  if (prompt.text === '') {
    return openaiInvalid("Missing required parameter: 'input'.", 'input', random);
  }
  const model = answeringModel('openai', requested);
  const tier = servedTier(model, textAt(body, 'service_tier'));
  const profile = profileOf(model);
  const last = listAt(body, 'input').at(-1);
  const draft = draftAnswer({
    profile,
    directives,
    random,
    maxOutput: numberAt(body, 'max_output_tokens'),
    effort: effortOf(textAt(objectAt(body, 'reasoning'), 'effort')),
    tools: functionTools(body),
    toolChoice: toolChoiceOf(body),
    schema: answerSchema(body),
    afterToolResult: isObject(last) && last['type'] === 'function_call_output',
  });
  const canSearch = listingOf('openai', model)?.webSearchPerThousand !== undefined;
  const searches =
    draft.toolCall === null && canSearch && offersSearch(body) ? random.integer(1, 3) : 0;
  const input = inputCounts(exchange, model, {
    ...prompt,
    tokens: prompt.tokens + searches * tokensPerSearch,
  });
  const counts = { ...input, output: draft.output, web_searches: searches };
  const prompted = promptTotal(counts);
  const usage = reportedUsage(
    {
      input_tokens: prompted,
      input_tokens_details: cacheDetails(model, counts),
      output_tokens: draft.output,
      output_tokens_details: { reasoning_tokens: draft.reasoning },
      total_tokens: prompted + draft.output,
    },
    directives,
    random,
  );
  const items = outputItems(draft, searches, random);
  const shell = responseShell(exchange, model, tier, random);
  const finished = {
    ...shell,
    status: draft.finish === 'length' ? 'incomplete' : 'completed',
    completed_at: draft.finish === 'length' ? null : shell['created_at'],
    incomplete_details: draft.finish === 'length' ? { reason: 'max_output_tokens' } : null,
    output: items,
    usage: usage ?? null,
  };
  const stream = body['stream'] === true;
  return {
    kind: 'answer',
    headers: answerHeaders(random),
    contentType: stream ? 'text/event-stream; charset=utf-8' : 'application/json',
    content: stream
      ? { frames: responseEvents(shell, finished, items, draft, random) }
      : { plain: JSON.stringify(finished, null, 2) },
    posting: {
      at: exchange.now,
      provider: 'openai',
      api: 'completions',
      keyId: exchange.keyId,
      model,
      tier,
      geo: 'global',
      counts,
    },
    reportsUsage: true,
    profile,
    random,
  };
}

/** The response object as it stands before anything is generated. */
function responseShell(
  exchange: Exchange,
  model: string,
  tier: string,
  random: Random,
): JsonObject {
  const { body } = exchange;
  return {
    id: `resp_${random.hex(48)}`,
    object: 'response',
    created_at: Math.floor(exchange.createdAt / 1000),
    status: 'in_progress',
    background: false,
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    model,
    output: [],
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    previous_response_id: body['previous_response_id'] ?? null,
    reasoning: {
      effort: objectAt(body, 'reasoning')['effort'] ?? null,
      summary: objectAt(body, 'reasoning')['summary'] ?? null,
    },
    service_tier: tier,
    store: body['store'] ?? true,
    temperature: body['temperature'] ?? 1,
    text: body['text'] ?? { format: { type: 'text' }, verbosity: 'medium' },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: body['tools'] ?? [],
    top_p: body['top_p'] ?? 1,
    truncation: body['truncation'] ?? 'disabled',
    usage: null,
    user: body['user'] ?? null,
    metadata: body['metadata'] ?? {},
  };
}

/** Reasoning first where there was any, then searches, then the message or the call. */
function outputItems(draft: Draft, searches: number, random: Random): JsonObject[] {
  const items: JsonObject[] = [];
  if (draft.reasoning > 0) {
    items.push({ id: `rs_${random.hex(48)}`, type: 'reasoning', summary: [] });
  }
  for (let search = 0; search < searches; search++) {
    items.push({
      id: `ws_${random.hex(48)}`,
      type: 'web_search_call',
      status: 'completed',
      action: { type: 'search', query: writeText(random, 5).join('').replace(/\.$/, '') },
    });
  }
  const { toolCall } = draft;
  items.push(
    toolCall === null
      ? {
          id: `msg_${random.hex(48)}`,
          type: 'message',
          status: draft.finish === 'length' ? 'incomplete' : 'completed',
          content: [
            { type: 'output_text', annotations: [], logprobs: [], text: draft.text.join('') },
          ],
          role: 'assistant',
        }
      : {
          id: `fc_${random.hex(48)}`,
          type: 'function_call',
          status: 'completed',
          arguments: toolCall.pieces.join(''),
          call_id: `call_${random.characters(24)}`,
          name: toolCall.name,
        },
  );
  return items;
}

function offersSearch(body: JsonObject): boolean {
  return listAt(body, 'tools').some(
    (tool) => isObject(tool) && (textAt(tool, 'type') ?? '').startsWith('web_search'),
  );
}

function answerSchema(body: JsonObject): unknown {
  const format = objectAt(objectAt(body, 'text'), 'format');
  if (format['type'] === 'json_object') return { properties: { answer: { type: 'string' } } };
  return format['type'] === 'json_schema' ? format['schema'] : undefined;
}
