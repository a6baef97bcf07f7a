import type { Draft } from '../draft.js';
import type { Frame } from '../exchange.js';
import type { JsonObject } from '../json.js';
import type { Random } from '../random.js';

/** Everything that the rendered answer needs. `usage` is cumulative: candidates' tokens so far. */
export interface Generation {
  draft: Draft;
  model: string;
  responseId: string;
  /** Whether thought summaries are shown (`includeThoughts`). */
  thoughts: boolean;
  usage(candidates: number): JsonObject | undefined;
}

const thoughtSummary =
  '**Considering the request**\n\nI am weighing what was asked against what is known.\n';

export function plainResponse(generation: Generation): string {
  const { draft } = generation;
  return JSON.stringify(
    response(
      generation,
      [...thoughtParts(generation), ...answerParts(generation)],
      draft.output - draft.reasoning,
      finishReason(draft),
    ),
    null,
    2,
  );
}

/**
 * The frames of a stream: server-sent events with `alt=sse`, else the elements of one JSON array.
 * Every frame carries the usage so far; the last one decides.
 */
export function streamFrames(generation: Generation, sse: boolean, random: Random): Frame[] {
  const { draft } = generation;
  const visible = draft.output - draft.reasoning;
  const steps: { parts: JsonObject[]; candidates: number }[] = [];
  if (generation.thoughts && draft.reasoning > 0) {
    steps.push({ parts: thoughtParts(generation), candidates: 0 });
  }
  if (draft.toolCall !== null) {
    steps.push({ parts: answerParts(generation), candidates: visible });
  }
  for (let index = 0; index < draft.text.length;) {
    const end = Math.min(draft.text.length, index + random.integer(8, 40));
    steps.push({
      parts: [{ text: draft.text.slice(index, end).join('') }],
      candidates: Math.floor((visible * end) / draft.text.length),
    });
    index = end;
  }
  if (steps.length === 0) steps.push({ parts: [], candidates: visible });
  const frames = steps.map(({ parts, candidates }, index): Frame => {
    const last = index === steps.length - 1;
    const body = response(generation, parts, candidates, last ? finishReason(draft) : undefined);
    const bytes = sse
      ? `data: ${onOneLine(body)}\r\n\r\n`
      : `${index === 0 ? '[' : ',\r\n'}${JSON.stringify(body, null, 2)}${last ? '\n]\n' : '\n'}`;
    const output = draft.reasoning + candidates;
    return last ? { bytes, output, settles: true } : { bytes, output };
  });
  return frames;
}

function response(
  generation: Generation,
  parts: JsonObject[],
  candidates: number,
  finish: string | undefined,
): JsonObject {
  const usage = generation.usage(candidates);
  return {
    candidates: [
      {
        content: { ...(parts.length > 0 ? { parts } : {}), role: 'model' },
        ...(finish === undefined ? {} : { finishReason: finish }),
        index: 0,
      },
    ],
    ...(usage === undefined ? {} : { usageMetadata: usage }),
    modelVersion: generation.model,
    responseId: generation.responseId,
  };
}

function answerParts({ draft }: Generation): JsonObject[] {
  if (draft.toolCall !== null) {
    return [{ functionCall: { name: draft.toolCall.name, args: draft.toolCall.arguments } }];
  }
  return draft.text.length === 0 ? [] : [{ text: draft.text.join('') }];
}

function thoughtParts({ thoughts, draft }: Generation): JsonObject[] {
  return thoughts && draft.reasoning > 0 ? [{ text: thoughtSummary, thought: true }] : [];
}

function finishReason(draft: Draft): string {
  return draft.finish === 'length' ? 'MAX_TOKENS' : 'STOP';
}

/** Google's one-line JSON keeps the space after each colon. */
function onOneLine(value: JsonObject): string {
  return JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, '');
}
