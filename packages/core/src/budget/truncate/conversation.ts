import { isFields, type Fields } from '../../usage/fields.js';

/** Who an item of a conversation comes from. `tool` answers what an `assistant` item asked for. */
export type Speaker = 'system' | 'user' | 'assistant' | 'tool';

/** A request body seen as a conversation: which of its fields lists the items, and who says each. */
export interface Conversation {
  /** The body's field that holds the items: `messages`, `contents`, `input`. */
  field: string;
  items: readonly Fields[];
  speakers: readonly Speaker[];
}

/**
 * The conversation in a request body of one of the chat APIs; null for other APIs and for bodies that
 * hold none (a prompt given as one string).
 */
export function readConversation(api: string, body: unknown): Conversation | null {
  const shape = shapes[api];
  if (shape === undefined || !isFields(body)) return null;
  const items = body[shape.field];
  if (!Array.isArray(items) || items.length === 0 || !items.every(isFields)) return null;
  return { field: shape.field, items, speakers: items.map(shape.speaker) };
}

interface Shape {
  field: string;
  speaker(item: Fields): Speaker;
}

/** OpenAI chat completions: `system` and `developer` instruct, `tool` and `function` answer. */
function chatSpeaker({ role }: Fields): Speaker {
  if (role === 'system' || role === 'developer') return 'system';
  if (role === 'tool' || role === 'function') return 'tool';
  return role === 'assistant' ? 'assistant' : 'user';
}

/** Anthropic messages: tool results come in a message of the user. */
function messageSpeaker({ role, content }: Fields): Speaker {
  if (role === 'assistant') return 'assistant';
  if (role === 'system') return 'system';
  return hasPart(content, ({ type }) => type === 'tool_result') ? 'tool' : 'user';
}

/** Gemini contents: the model's role is `model`, and functions answer in parts. */
function contentSpeaker({ role, parts }: Fields): Speaker {
  if (role === 'model') return 'assistant';
  const answers =
    role === 'function' || hasPart(parts, (part) => part['functionResponse'] !== undefined);
  return answers ? 'tool' : 'user';
}

/** OpenAI responses: items of many types; whatever is no message and no output is the model's own. */
function inputSpeaker(item: Fields): Speaker {
  const { type, role } = item;
  if (typeof type === 'string' && type.endsWith('_output')) return 'tool';
  return type === undefined || type === 'message' ? chatSpeaker({ role }) : 'assistant';
}

const shapes: Readonly<Record<string, Shape>> = {
  'chat.completions': { field: 'messages', speaker: chatSpeaker },
  messages: { field: 'messages', speaker: messageSpeaker },
  generateContent: { field: 'contents', speaker: contentSpeaker },
  responses: { field: 'input', speaker: inputSpeaker },
};

function hasPart(parts: unknown, test: (part: Fields) => boolean): boolean {
  return Array.isArray(parts) && parts.some((part) => isFields(part) && test(part));
}
