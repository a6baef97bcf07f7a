import { answeringModel, servedTier } from '../billing.js';
import { draftAnswer, type Draft } from '../draft.js';
import type { Answer, Exchange, Frame, Reply } from '../exchange.js';
import { isObject, listAt, numberAt, objectAt, textAt, type JsonObject } from '../json.js';
import { profileOf } from '../model-profile.js';
import type { Random } from '../random.js';
import { reportedUsage } from '../usage-report.js';
import { openaiInvalid } from './errors.js';
import { answerHeaders } from './headers.js';
import { effortOf, functionTools, readPrompt, toolChoiceOf } from './prompt.js';
import { cacheDetails, inputCounts, promptTotal } from './usage.js';

/** POST /v1/chat/completions. */
export function chatCompletion(exchange: Exchange): Reply {
  const { body, directives } = exchange;
  const requested = textAt(body, 'model');
  const messages = listAt(body, 'messages');
  const prompt = readPrompt(body);
  const random = exchange.randomFor(requested ?? '', prompt.text);
  if (requested === undefined) {
    return openaiInvalid('you must provide a model parameter', null, random);
  }
  if (messages.length === 0) {
    return openaiInvalid("Missing required parameter: 'messages'.", 'messages', random);
  }
  const model = answeringModel('openai', requested);
  const tier = servedTier(model, textAt(body, 'service_tier'));
  const profile = profileOf(model);
  const last = messages.at(-1);
  const draft = draftAnswer({
    profile,
    directives,
    random,
    maxOutput: numberAt(body, 'max_completion_tokens') ?? numberAt(body, 'max_tokens'),
    effort: effortOf(textAt(body, 'reasoning_effort')),
    tools: functionTools(body),
    toolChoice: toolChoiceOf(body),
    schema: answerSchema(body),
    afterToolResult: isObject(last) && last['role'] === 'tool',
  });
  const counts = { ...inputCounts(exchange, model, prompt), output: draft.output };
  const prompted = promptTotal(counts);
  const usage = reportedUsage(
    {
      prompt_tokens: prompted,
      completion_tokens: draft.output,
      total_tokens: prompted + draft.output,
      prompt_tokens_details: { ...cacheDetails(model, counts), audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: draft.reasoning,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    },
    directives,
    random,
  );
  const shell = {
    id: `chatcmpl-${random.characters(29)}`,
    created: Math.floor(exchange.createdAt / 1000),
    model,
    service_tier: tier,
    system_fingerprint: `fp_${random.hex(10)}`,
  };
  const callId = `call_${random.characters(24)}`;
  const stream = body['stream'] === true;
  const includeUsage = objectAt(body, 'stream_options')['include_usage'] === true;
  const answer: Answer = {
    kind: 'answer',
    headers: answerHeaders(random),
    contentType: stream ? 'text/event-stream; charset=utf-8' : 'application/json',
    content: stream
      ? { frames: chunks(shell, draft, callId, includeUsage, usage, random) }
      : { plain: JSON.stringify(completion(shell, draft, callId, usage), null, 2) },
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
    reportsUsage: !stream || includeUsage,
    profile,
    random,
  };
  return answer;
}

interface Shell {
  id: string;
  created: number;
  model: string;
  service_tier: string;
  system_fingerprint: string;
}

const finishReason = { stop: 'stop', length: 'length', tool: 'tool_calls' };

function completion(
  shell: Shell,
  draft: Draft,
  callId: string,
  usage: JsonObject | undefined,
): JsonObject {
  const { toolCall } = draft;
  return {
    id: shell.id,
    object: 'chat.completion',
    created: shell.created,
    model: shell.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: toolCall === null ? draft.text.join('') : null,
          ...(toolCall === null
            ? {}
            : {
                tool_calls: [
                  {
                    id: callId,
                    type: 'function',
                    function: { name: toolCall.name, arguments: toolCall.pieces.join('') },
                  },
                ],
              }),
          refusal: null,
          annotations: [],
        },
        logprobs: null,
        finish_reason: finishReason[draft.finish],
      },
    ],
    ...(usage === undefined ? {} : { usage }),
    service_tier: shell.service_tier,
    system_fingerprint: shell.system_fingerprint,
  };
}

/**
 * The frames of a stream. With `include_usage` every chunk carries `usage: null` and one more chunk
 * without choices carries the usage; without it no chunk mentions usage.
 */
function chunks(
  shell: Shell,
  draft: Draft,
  callId: string,
  includeUsage: boolean,
  usage: JsonObject | undefined,
  random: Random,
): Frame[] {
  const { toolCall } = draft;
  const event = (choices: JsonObject[], tail: JsonObject): string =>
    `data: ${JSON.stringify({
      id: shell.id,
      object: 'chat.completion.chunk',
      created: shell.created,
      model: shell.model,
      service_tier: shell.service_tier,
      system_fingerprint: shell.system_fingerprint,
      choices,
      ...tail,
    })}\n\n`;
  const frame = (delta: JsonObject, output: number, finish: string | null = null): Frame => ({
    bytes: event([{ index: 0, delta, logprobs: null, finish_reason: finish }], {
      ...(includeUsage ? { usage: null } : {}),
      obfuscation: random.characters(random.integer(2, 14)),
    }),
    output,
  });
  const callDelta = (more: JsonObject): JsonObject => ({ tool_calls: [{ index: 0, ...more }] });
  const first =
    toolCall === null
      ? { role: 'assistant', content: '', refusal: null }
      : {
          role: 'assistant',
          content: null,
          ...callDelta({
            id: callId,
            type: 'function',
            function: { name: toolCall.name, arguments: '' },
          }),
          refusal: null,
        };
  const frames = [frame(first, draft.reasoning)];
  const pieces = toolCall?.pieces ?? draft.text;
  for (let index = 0; index < pieces.length;) {
    const end = Math.min(pieces.length, index + random.integer(1, 4));
    const text = pieces.slice(index, end).join('');
    index = end;
    const share = Math.floor(((draft.output - draft.reasoning) * end) / pieces.length);
    frames.push(
      frame(
        toolCall === null ? { content: text } : callDelta({ function: { arguments: text } }),
        draft.reasoning + share,
      ),
    );
  }
  frames.push(frame({}, draft.output, finishReason[draft.finish]));
  if (includeUsage) {
    frames.push({
      bytes: event([], usage === undefined ? {} : { usage }),
      output: draft.output,
      settles: true,
    });
  }
  frames.push({ bytes: 'data: [DONE]\n\n', output: draft.output, settles: true });
  return frames;
}

function answerSchema(body: JsonObject): unknown {
  const format = objectAt(body, 'response_format');
  if (format['type'] === 'json_object') return { properties: { answer: { type: 'string' } } };
  return format['type'] === 'json_schema' ? objectAt(format, 'json_schema')['schema'] : undefined;
}
