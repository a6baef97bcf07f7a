import type { ToolOffer } from '../draft.js';
import { isObject, listAt, textAt, type JsonObject } from '../json.js';
import { countTokens } from '../tokens.js';

/** What an image of usual size costs. */
const imageTokens = 1_500;

/** A piece of the prompt; a breakpoint after it ends a cacheable prefix. */
export interface Segment {
  text: string;
  tokens: number;
  breakpoint: '5m' | '1h' | undefined;
}

/** The prompt in the order in which Anthropic caches it: tools, system, messages. */
export function readSegments(body: JsonObject): Segment[] {
  const segments: Segment[] = [];
  for (const tool of listAt(body, 'tools')) {
    if (isObject(tool)) segments.push(segment(JSON.stringify(tool), tool));
  }
  for (const block of blocks(body['system'])) segments.push(blockSegment(block));
  for (const message of listAt(body, 'messages')) {
    if (!isObject(message)) continue;
    segments.push({ text: `${textAt(message, 'role') ?? ''}\n`, tokens: 4, breakpoint: undefined });
    for (const block of blocks(message['content'])) segments.push(blockSegment(block));
  }
  // A breakpoint on the request itself holds for its last block.
  const last = segments.at(-1);
  if (last !== undefined && isObject(body['cache_control'])) {
    last.breakpoint = breakpointOf(body);
  }
  return segments;
}

export function clientTools(body: JsonObject): ToolOffer[] {
  return listAt(body, 'tools').flatMap((tool) => {
    if (!isObject(tool)) return [];
    const name = textAt(tool, 'name');
    return name === undefined || !isObject(tool['input_schema'])
      ? []
      : [{ name, parameters: tool['input_schema'] }];
  });
}

export function offersSearch(body: JsonObject): boolean {
  return listAt(body, 'tools').some(
    (tool) => isObject(tool) && (textAt(tool, 'type') ?? '').startsWith('web_search_'),
  );
}

export function toolChoiceOf(body: JsonObject): 'auto' | 'none' | 'required' | { name: string } {
  const choice = body['tool_choice'];
  if (!isObject(choice)) return 'auto';
  const name = textAt(choice, 'name');
  if (choice['type'] === 'tool' && name !== undefined) return { name };
  if (choice['type'] === 'any') return 'required';
  return choice['type'] === 'none' ? 'none' : 'auto';
}

/** Whether the conversation's last turn hands in a tool's result. */
export function endsWithToolResult(body: JsonObject): boolean {
  const last = listAt(body, 'messages').at(-1);
  return (
    isObject(last) &&
    listAt(last, 'content').some((block) => isObject(block) && block['type'] === 'tool_result')
  );
}

function blocks(content: unknown): JsonObject[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return Array.isArray(content) ? content.filter(isObject) : [];
}

function blockSegment(block: JsonObject): Segment {
  if (block['type'] === 'image') {
    return { text: 'image', tokens: imageTokens, breakpoint: breakpointOf(block) };
  }
  const { cache_control: _cacheControl, ...content } = block;
  return segment(textAt(block, 'text') ?? JSON.stringify(content), block);
}

function segment(text: string, carrier: JsonObject): Segment {
  return { text, tokens: countTokens(text), breakpoint: breakpointOf(carrier) };
}

function breakpointOf(carrier: JsonObject): '5m' | '1h' | undefined {
  const control = carrier['cache_control'];
  if (!isObject(control) || control['type'] !== 'ephemeral') return undefined;
  return control['ttl'] === '1h' ? '1h' : '5m';
}
