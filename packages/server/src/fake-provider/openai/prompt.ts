import type { ToolOffer } from '../draft.js';
import { isObject, listAt, objectAt, textAt, type JsonObject } from '../json.js';
import { countTokens } from '../tokens.js';

/** What a high-detail image costs on gpt-4o class models, whatever its size (the vendor scales). */
const imageTokens = 765;

export interface Prompt {
  /** All text of the prompt in the order in which caches see it: tools, then messages. */
  text: string;
  tokens: number;
}

/** Counts `messages` (chat) or `input` (responses), `instructions` and `tools`. */
export function readPrompt(body: JsonObject): Prompt {
  const parts: string[] = [];
  const tools = listAt(body, 'tools');
  if (tools.length > 0) parts.push(JSON.stringify(tools));
  const instructions = textAt(body, 'instructions');
  if (instructions !== undefined) parts.push(instructions);
  let extra = 0;
  const items = [
    ...listAt(body, 'messages'),
    ...(typeof body['input'] === 'string'
      ? [{ role: 'user', content: body['input'] }]
      : listAt(body, 'input')),
  ];
  for (const item of items) {
    if (!isObject(item)) continue;
    extra += 4;
    parts.push(`${textAt(item, 'role') ?? textAt(item, 'type') ?? ''}\n`);
    for (const part of contentParts(item)) {
      const type = textAt(part, 'type') ?? '';
      if (type === 'image_url' || type === 'input_image') extra += imageTokens;
      else parts.push(textAt(part, 'text') ?? JSON.stringify(part));
    }
    const calls = listAt(item, 'tool_calls');
    if (calls.length > 0) parts.push(JSON.stringify(calls));
    parts.push(textAt(item, 'output') ?? '', textAt(item, 'arguments') ?? '');
  }
  const text = parts.join('');
  return { text, tokens: countTokens(text) + extra + 3 };
}

/** Function tools in both spellings: nested under `function` (chat) or flat (responses). */
export function functionTools(body: JsonObject): ToolOffer[] {
  return listAt(body, 'tools').flatMap((tool) => {
    if (!isObject(tool) || tool['type'] !== 'function') return [];
    const definition = isObject(tool['function']) ? tool['function'] : tool;
    const name = textAt(definition, 'name');
    return name === undefined
      ? []
      : [{ name, parameters: definition['parameters'] ?? { type: 'object' } }];
  });
}

export function toolChoiceOf(body: JsonObject): 'auto' | 'none' | 'required' | { name: string } {
  const choice = body['tool_choice'];
  if (choice === 'none' || choice === 'required') return choice;
  if (!isObject(choice)) return 'auto';
  const name = textAt(choice, 'name') ?? textAt(objectAt(choice, 'function'), 'name');
  return name === undefined ? 'auto' : { name };
}

export function effortOf(
  effort: string | undefined,
): 'default' | 'none' | 'low' | 'medium' | 'high' {
  switch (effort) {
    case 'none':
    case 'minimal':
      return 'none';
    case 'low':
    case 'medium':
    case 'high':
      return effort;
    case 'xhigh':
      return 'high';
    default:
      return 'default';
  }
}

function contentParts(item: JsonObject): JsonObject[] {
  const content = item['content'];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return Array.isArray(content) ? content.filter(isObject) : [];
}
