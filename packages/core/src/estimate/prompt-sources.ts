import { readConversation } from '../budget/truncate/conversation.js';
import { isFields, type Fields } from '../usage/fields.js';
import { sizeOf, type Size } from './part-size.js';

/** Where the input tokens of a call come from (requirement R20). */
export const promptSources = ['system', 'tools', 'context', 'history', 'user', 'files'] as const;
export type PromptSource = (typeof promptSources)[number];

/**
 * Characters by source, of texts, names and values as the model reads them. `files` are images, sound
 * and documents: what their tokens by the documented rules come to in characters (four to a token).
 */
export type PromptSizes = Record<PromptSource, number>;

/** The APIs whose requests are prompts: those with messages, and those with one text. */
export const promptApis: ReadonlySet<string> = new Set([
  'chat.completions',
  'completions',
  'responses',
  'messages',
  'generateContent',
  'chat.v2',
  'converse',
  'converseStream',
  'invokeModel',
  'invokeModelWithResponseStream',
  'interactions',
]);

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
  const add = (source: PromptSource, size: Size) => {
    sizes[source] += size.text;
    sizes.files += size.files;
  };
  for (const field of ['system', 'systemInstruction', 'system_instruction', 'instructions']) {
    add('system', sizeOf(body[field]));
  }
  for (const field of ['tools', 'functions', 'response_format', 'toolConfig']) {
    add('tools', sizeOf(body[field]));
  }
  const text = body['text'];
  if (isFields(text)) add('tools', sizeOf(text['format']));
  const conversation = readConversation(alike[api] ?? api, body);
  if (conversation === null) {
    const prompt = body['input'] ?? body['prompt'];
    if (typeof prompt !== 'string') return sizes.system + sizes.tools > 0 ? sizes : null;
    const context = contextLength(prompt, elements);
    sizes.context += context;
    sizes.user += prompt.length - context;
    return sizes;
  }
  const { items } = conversation;
  const speakers = conversation.speakers.map((speaker, index) =>
    speaker === 'user' && hasOnlyAnswers(items[index]!) ? 'tool' : speaker,
  );
  const lastUser = speakers.lastIndexOf('user');
  items.forEach((item, index) => {
    const speaker = speakers[index];
    if (speaker === 'system') add('system', sizeOf(item));
    else if (index < lastUser || speaker === 'assistant') add('history', sizeOf(item));
    else addLastTurn(sizes, item, speaker === 'tool', elements);
  });
  return sizes;
}

/** APIs whose bodies have the shape of another's. */
const alike: Readonly<Record<string, string>> = {
  'chat.v2': 'chat.completions',
  converse: 'messages',
  converseStream: 'messages',
  invokeModel: 'messages',
  invokeModelWithResponseStream: 'messages',
};

/**
 * Where the tokens come from that a request names and does not hold: a conversation that the provider
 * keeps, instructions that it keeps under an id, content that was put into a cache. Null for none.
 */
export function hiddenSource(body: unknown): PromptSource | null {
  if (!isFields(body)) return null;
  if (body['previous_response_id'] != null || body['conversation'] != null) return 'history';
  if (isFields(body['prompt'])) return 'system';
  return body['cachedContent'] == null ? null : 'context';
}

/** A message of the last turn: of the user, or one in which tools answer (beside which a user may speak). */
function addLastTurn(
  sizes: PromptSizes,
  item: Fields,
  isAnswer: boolean,
  elements: readonly string[],
): void {
  const content = item['content'] ?? item['parts'];
  const parts = Array.isArray(content) ? content.filter(isFields) : null;
  if (parts === null) {
    const { text, files } = sizeOf(item);
    const context = typeof content === 'string' ? contextLength(content, elements) : 0;
    const found = isAnswer ? text : Math.min(context, text);
    sizes.context += found;
    sizes.user += text - found;
    sizes.files += files;
    return;
  }
  // Roles and the like around the parts are few characters: they go with the first of them.
  const hasOwnAnswers = parts.some(isToolAnswer);
  for (const part of parts) {
    const { text, files } = sizeOf(part);
    sizes.files += files;
    const isContext = isRetrieved(part) || isToolAnswer(part) || (isAnswer && !hasOwnAnswers);
    const own = part['text'];
    const context = isContext ? text : typeof own === 'string' ? contextLength(own, elements) : 0;
    const found = Math.min(context, text);
    sizes.context += found;
    sizes.user += text - found;
  }
}

function hasOnlyAnswers({ content }: Fields): boolean {
  return (
    Array.isArray(content) &&
    content.length > 0 &&
    content.every((part) => isFields(part) && isToolAnswer(part))
  );
}

/** A part in which a tool answers, as Anthropic, Gemini and Bedrock's Converse write it. */
function isToolAnswer(part: Fields): boolean {
  return (
    part['type'] === 'tool_result' ||
    part['functionResponse'] !== undefined ||
    part['toolResult'] !== undefined
  );
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
