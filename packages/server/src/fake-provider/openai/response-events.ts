import type { Draft } from '../draft.js';
import type { Frame } from '../exchange.js';
import type { JsonObject } from '../json.js';
import type { Random } from '../random.js';

/** The typed events of a streamed response, numbered, each framed as `event:` and `data:`. */
export function responseEvents(
  shell: JsonObject,
  finished: JsonObject,
  items: readonly JsonObject[],
  draft: Draft,
  random: Random,
): Frame[] {
  const frames: Frame[] = [];
  let output = 0;
  const emit = (type: string, fields: JsonObject, settles = false): void => {
    const data = JSON.stringify({ type, sequence_number: frames.length, ...fields });
    const frame: Frame = { bytes: `event: ${type}\ndata: ${data}\n\n`, output };
    frames.push(settles ? { ...frame, settles: true } : frame);
  };
  /** Deltas of the visible answer; the tokens generated so far grow with them. */
  const emitPieces = (pieces: readonly string[], type: string, fields: JsonObject): void => {
    for (let index = 0; index < pieces.length;) {
      const end = Math.min(pieces.length, index + random.integer(1, 4));
      const delta = pieces.slice(index, end).join('');
      index = end;
      output =
        draft.reasoning + Math.floor(((draft.output - draft.reasoning) * end) / pieces.length);
      emit(type, { ...fields, delta, obfuscation: random.characters(random.integer(2, 14)) });
    }
  };

  emit('response.created', { response: shell });
  emit('response.in_progress', { response: shell });
  for (const [index, item] of items.entries()) {
    const place = { output_index: index };
    const itemId = { item_id: item['id'], ...place };
    switch (item['type']) {
      case 'reasoning':
        emit('response.output_item.added', { ...place, item });
        output = draft.reasoning;
        emit('response.output_item.done', { ...place, item });
        break;
      case 'web_search_call':
        emit('response.output_item.added', { ...place, item: { ...item, status: 'in_progress' } });
        for (const step of ['in_progress', 'searching', 'completed']) {
          emit(`response.web_search_call.${step}`, itemId);
        }
        emit('response.output_item.done', { ...place, item });
        break;
      case 'function_call':
        emit('response.output_item.added', {
          ...place,
          item: { ...item, status: 'in_progress', arguments: '' },
        });
        emitPieces(draft.toolCall?.pieces ?? [], 'response.function_call_arguments.delta', itemId);
        emit('response.function_call_arguments.done', {
          ...itemId,
          name: item['name'],
          arguments: item['arguments'],
        });
        emit('response.output_item.done', { ...place, item });
        break;
      default: {
        const part = { type: 'output_text', annotations: [], logprobs: [], text: '' };
        const text = draft.text.join('');
        const content = { ...itemId, content_index: 0 };
        emit('response.output_item.added', {
          ...place,
          item: { ...item, status: 'in_progress', content: [] },
        });
        emit('response.content_part.added', { ...content, part });
        emitPieces(draft.text, 'response.output_text.delta', { ...content, logprobs: [] });
        emit('response.output_text.done', { ...content, text, logprobs: [] });
        emit('response.content_part.done', { ...content, part: { ...part, text } });
        emit('response.output_item.done', { ...place, item });
      }
    }
  }
  output = draft.output;
  const ending = finished['status'] === 'incomplete' ? 'incomplete' : 'completed';
  emit(`response.${ending}`, { response: finished }, true);
  return frames;
}
