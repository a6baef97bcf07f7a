import { readConversation } from '../budget/truncate/conversation.js';
import { isFields, type Fields } from '../usage/fields.js';

/** Where the input tokens of a call come from (requirement R20). */
export const promptSources = ['system', 'tools', 'context', 'history', 'user', 'files'] as const;
export type PromptSource = (typeof promptSources)[number];

/** Characters of JSON by source. `files` counts inline images, sound and documents. */
export type PromptSizes = Record<PromptSource, number>;

/** Elements in which retrieved text usually stands inside a message; more may be named. */
export const contextElements: readonly string[] = [
  'context',
  'documents',
  'document',
  'retrieved',
  'search_results',
  'sources',
];

/**
 * Splits a request by source. Sources are known by role and position: instructions, tool schemas, the
 * turns before the last, and of the last turn what tools and searches brought (`context`) and what the
 * user said. Text in elements such as `<context>…</context>` counts as context, wherever a user message
 * has it. Null when the body is no chat.
 */
export function promptSizes(
  api: string,
  body: unknown,
  elements: readonly string[] = contextElements,
): PromptSizes | null {
  if (!isFields(body)) return null;
  const sizes: PromptSizes = { system: 0, tools: 0, context: 0, history: 0, user: 0, files: 0 };
  sizes.system +=
    length(body['system']) + length(body['systemInstruction']) + length(body['instructions']);
  sizes.tools +=
    length(body['tools']) + length(body['functions']) + length(body['response_format']);
  const conversation = readConversation(api, body);
  if (conversation === null) {
    const prompt = body['input'] ?? body['prompt'];
    if (typeof prompt !== 'string') return sizes.system + sizes.tools > 0 ? sizes : null;
    addText(sizes, prompt, elements);
    return sizes;
  }
  const { items, speakers } = conversation;
  const lastUser = speakers.lastIndexOf('user');
  items.forEach((item, index) => {
    const speaker = speakers[index];
    const files = fileLength(item);
    sizes.files += files;
    const size = length(item) - files;
    if (speaker === 'system') sizes.system += size;
    else if (index < lastUser) sizes.history += size;
    else if (speaker === 'user') addMessage(sizes, item, size, elements);
    else if (speaker === 'tool') sizes.context += size;
    else sizes.history += size;
  });
  return sizes;
}

function addMessage(
  sizes: PromptSizes,
  item: Fields,
  size: number,
  elements: readonly string[],
): void {
  let context = 0;
  for (const part of partsOf(item)) {
    if (typeof part === 'string') context += contextLength(part, elements);
    else if (isRetrieved(part)) context += length(part);
    else if (typeof part['text'] === 'string') context += contextLength(part['text'], elements);
  }
  const inside = Math.min(context, size);
  sizes.context += inside;
  sizes.user += size - inside;
}

function addText(sizes: PromptSizes, text: string, elements: readonly string[]): void {
  const context = contextLength(text, elements);
  sizes.context += context;
  sizes.user += text.length - context;
}

function partsOf(item: Fields): (string | Fields)[] {
  const content = item['content'] ?? item['parts'];
  if (typeof content === 'string') return [content];
  return Array.isArray(content) ? content.filter(isFields) : [];
}

/** Parts that hold what was looked up: Anthropic's search results and text documents. */
function isRetrieved({ type, source }: Fields): boolean {
  return (
    type === 'search_result' ||
    (type === 'document' && isFields(source) && source['type'] === 'text')
  );
}

/** Characters within the outermost of the named elements. */
function contextLength(text: string, elements: readonly string[]): number {
  if (!text.includes('<')) return 0;
  let total = 0;
  let from = 0;
  for (;;) {
    const opening = firstOpening(text, from, elements);
    if (opening === null) return total;
    const closing = text.indexOf(`</${opening.name}>`, opening.at);
    const end = closing < 0 ? text.length : closing + opening.name.length + 3;
    total += end - opening.at;
    from = end;
  }
}

function firstOpening(
  text: string,
  from: number,
  elements: readonly string[],
): { name: string; at: number } | null {
  let first: { name: string; at: number } | null = null;
  for (const name of elements) {
    const at = text.indexOf(`<${name}`, from);
    const after = text[at + name.length + 1];
    if (at < 0 || (after !== '>' && after !== ' ') || (first !== null && at >= first.at)) continue;
    first = { name, at };
  }
  return first;
}

/** Names of fields that hold a file's bytes, coded as text. */
const fileFields: ReadonlySet<string> = new Set([
  'data',
  'url',
  'image_url',
  'file_data',
  'inlineData',
]);

/** Characters of inline files: they are no text, and their tokens follow rules of their own. */
function fileLength(value: unknown, name = ''): number {
  if (typeof value === 'string') {
    const isFile = value.startsWith('data:') || (fileFields.has(name) && value.length > 1_000);
    return isFile ? value.length : 0;
  }
  if (Array.isArray(value)) {
    return value.reduce((sum: number, part: unknown) => sum + fileLength(part, name), 0);
  }
  if (!isFields(value)) return 0;
  return Object.entries(value).reduce((sum, [key, part]) => sum + fileLength(part, key), 0);
}

function length(value: unknown): number {
  return value === undefined || value === null ? 0 : JSON.stringify(value).length;
}
