import { draftAnswer } from '../draft.js';
import type { Exchange, Frame, Reply } from '../exchange.js';
import { numberAt, objectAt, textAt, type JsonObject } from '../json.js';
import { profileOf } from '../model-profile.js';
import { countTokens } from '../tokens.js';
import { reportedUsage } from '../usage-report.js';
import { openaiInvalid } from './errors.js';
import { answerHeaders } from './headers.js';
import { postingOf } from './posting.js';

/** POST /v1/completions: the API from before chat, which vLLM and its likes still offer. */
export function completion(exchange: Exchange): Reply {
  const { body, directives } = exchange;
  const model = textAt(body, 'model');
  const prompt = [body['prompt']].flat().map(String).join('\n');
  const random = exchange.randomFor(model ?? '', prompt);
  if (model === undefined) {
    return openaiInvalid('you must provide a model parameter', null, random);
  }
  const draft = draftAnswer({
    profile: profileOf(model),
    directives,
    random,
    maxOutput: numberAt(body, 'max_tokens') ?? 16,
    effort: 'none',
    tools: [],
    toolChoice: 'none',
    schema: undefined,
    afterToolResult: false,
  });
  const input = directives.inputTokens ?? countTokens(prompt);
  const usage = reportedUsage(
    {
      prompt_tokens: input,
      completion_tokens: draft.output,
      total_tokens: input + draft.output,
    },
    directives,
    random,
  );
  const shell = {
    id: `cmpl-${random.characters(29)}`,
    object: 'text_completion',
    created: Math.floor(exchange.createdAt / 1000),
    model,
  };
  const choice = (text: string, finish: string | null): JsonObject => ({
    text,
    index: 0,
    logprobs: null,
    finish_reason: finish,
  });
  const stream = body['stream'] === true;
  const includeUsage = objectAt(body, 'stream_options')['include_usage'] === true;
  const frames = (): Frame[] => {
    const event = (choices: JsonObject[], tail: JsonObject): string =>
      `data: ${JSON.stringify({ ...shell, choices, ...tail })}\n\n`;
    const tail = includeUsage ? { usage: null } : {};
    const list: Frame[] = draft.text.map((text, index) => ({
      bytes: event([choice(text, null)], tail),
      output: index + 1,
    }));
    list.push({ bytes: event([choice('', draft.finish)], tail), output: draft.output });
    if (includeUsage) {
      list.push({ bytes: event([], { usage }), output: draft.output, settles: true });
    }
    list.push({ bytes: 'data: [DONE]\n\n', output: draft.output, settles: true });
    return list;
  };
  const plain = { ...shell, choices: [choice(draft.text.join(''), draft.finish)], usage };
  return {
    kind: 'answer',
    headers: answerHeaders(random),
    contentType: stream ? 'text/event-stream; charset=utf-8' : 'application/json',
    content: stream ? { frames: frames() } : { plain: JSON.stringify(plain) },
    posting: postingOf(exchange, 'completions', model, {
      input_uncached: input,
      output: draft.output,
    }),
    reportsUsage: !stream || includeUsage,
    profile: profileOf(model),
    random,
  };
}
