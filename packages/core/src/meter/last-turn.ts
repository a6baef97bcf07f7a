import { itemsFromEnd, type BackwardJson } from './scan-json-backwards.js';
import { textMember, type ValueRange } from './scan-json.js';

/** What a model said last in a conversation. */
export interface LastTurn {
  /** Where it begins. */
  start: number;
  /** As it stands there, with its ids. */
  raw: string;
  /** What it says: text and calls of tools with their arguments; without ids and reasoning, digits masked. */
  said: string;
}

/** More than this is not read: nobody repeats so much, and reading it takes time. */
const mostRead = 256 * 1024;
const mostItems = 64;
/** Text of so few characters ("Yes.", "Done.") is said again by anybody; a call of a tool is not. */
const leastText = 20;
const digits = /\d+/g;

/**
 * The last turn of the model in the messages, inputs or contents of a request; null where it has none, or
 * says next to nothing. Reads from the end, so that the length of the conversation costs nothing. What an
 * answer consists of is one turn, also where it is several items (Responses API).
 */
export function lastTurn(json: BackwardJson, list: ValueRange): LastTurn | null {
  const parts: ValueRange[] = [];
  let seen = 0;
  for (const item of itemsFromEnd(json, list)) {
    seen++;
    if (list.end - item.start > mostRead || seen > mostItems) break;
    if (isOfModel(json, item)) parts.push(item);
    else if (parts.length > 0) break;
  }
  const start = parts.at(-1)?.start;
  if (start === undefined) return null;
  const raw = json.textOf(start, parts[0]!.end);
  const said = new Said();
  if (parts.length === 1) said.add(parse(raw));
  else for (const part of parts.toReversed()) said.add(parse(json.textOf(part.start, part.end)));
  return said.isLittle ? null : { start, raw, said: said.text.replace(digits, '#') };
}

/** Messages of `assistant` (OpenAI, Anthropic) and `model` (Gemini); items of the Responses API have a type. */
function isOfModel(json: BackwardJson, item: ValueRange): boolean {
  const role = textMember(json, item, 'role');
  if (role !== undefined) return role === 'assistant' || role === 'model';
  const type = textMember(json, item, 'type');
  return type !== undefined && (type === 'reasoning' || type.endsWith('_call'));
}

/** New with every answer, or no part of what is said: marks, signatures, what the provider adds. */
const unsaid: ReadonlySet<string> = new Set([
  'id',
  'call_id',
  'tool_call_id',
  'role',
  'type',
  'status',
  'phase',
  'index',
  'annotations',
  'logprobs',
  'cache_control',
  'cachePoint',
  'signature',
  'thoughtSignature',
  'thought_signature',
  'encrypted_content',
  'reasoning_content',
  'reasoning_details',
  'reasoning',
  'summary',
]);
/** Members that hold a call of a tool; blocks and items of one say so by their type. */
const callMembers: ReadonlySet<string> = new Set(['tool_calls', 'function_call', 'functionCall']);

/** Collects what is said, whatever API's shape it has. */
class Said {
  text = '';
  #length = 0;
  #hasCall = false;

  get isLittle(): boolean {
    return !this.#hasCall && this.#length <= leastText;
  }

  add(value: unknown): void {
    if (typeof value === 'string') return this.#say(value);
    if (typeof value === 'number' || typeof value === 'boolean') return this.#say(String(value));
    if (Array.isArray(value)) {
      for (const one of value) this.add(one);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const { type, thought } = value as { type?: unknown; thought?: unknown };
    if (isReasoning(type) || thought === true) return;
    if (typeof type === 'string' && (type.endsWith('_call') || type.endsWith('tool_use'))) {
      this.#hasCall = true;
    }
    for (const name in value) {
      const member = (value as Record<string, unknown>)[name];
      if (member === null || unsaid.has(name)) continue;
      if (callMembers.has(name) && !isEmpty(member)) this.#hasCall = true;
      // A name tells text from arguments; where nothing is said it tells nothing either.
      this.text += `\u001e${name}`;
      this.add(member);
    }
  }

  #say(text: string): void {
    this.text += `\u001f${text}`;
    this.#length += text.length;
  }
}

function isReasoning(type: unknown): boolean {
  return type === 'reasoning' || type === 'thinking' || type === 'redacted_thinking';
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
