import { isFields, type Fields } from '../../usage/fields.js';
import { messageFraming, toolText } from './chat-framing.js';
import { countFile, fileIn, type CountedFile, type DecodeBase64 } from './request-files.js';
import type { Viewer } from './image-tokens.js';
import { tokenizerFamily, type TokenizerFamily } from './tokenizer-family.js';

/** What of a request is to be counted as text, and what follows from rules. */
export interface RequestCount {
  family: TokenizerFamily;
  /** Texts for the tokenizer, in the order of the request. */
  texts: string[];
  /** Tokens around messages. */
  framing: number;
  /** Tokens of tool schemas beside their text, which is among `texts`. */
  toolFraming: number;
  /** Images, sound and documents. */
  files: CountedFile[];
  /** Why the count is an estimate, as sentences; empty where all of it is text of a known tokenizer. */
  notes: string[];
}

/**
 * Splits a request body of any chat API into what a tokenizer counts and what the documented rules count:
 * framing of messages, tool schemas, files. Reads the text; keeps nothing of it. Bodies that are no chat
 * (`input` or `prompt` as text) are their text. `decode`: to count the pages of PDF files, which are
 * assumed by their size without it.
 */
export function countRequest(body: Fields, viewer: Viewer, decode?: DecodeBase64): RequestCount {
  const family = tokenizerFamily(viewer.provider, viewer.model);
  const reader = new RequestReader(viewer, body, decode);
  reader.read();
  const tools = toolText(viewer, body);
  const { texts, messages, names, files } = reader;
  texts.push(...tools.texts);
  return {
    family,
    texts,
    framing: messages === 0 ? 0 : messageFraming(viewer, messages, names),
    toolFraming: tools.tokens,
    files,
    notes: notesOf(family, tools.texts.length > 0, files, body),
  };
}

/** Members of a body that list what is said, and that hold instructions, in the order of the prompt. */
const instructions = ['system', 'instructions', 'systemInstruction', 'system_instruction'] as const;
const lists = ['messages', 'contents', 'input', 'prompt', 'texts', 'documents'] as const;

/** Formats of the answer are part of the prompt. */
const formats = ['response_format', 'text', 'output_config'] as const;

/** How deep parts of messages lie within one another at most. */
const deepest = 24;

class RequestReader {
  readonly texts: string[] = [];
  readonly files: CountedFile[] = [];
  messages = 0;
  names = 0;
  readonly #viewer: Viewer;
  readonly #body: Fields;
  readonly #decode: DecodeBase64 | undefined;

  constructor(viewer: Viewer, body: Fields, decode: DecodeBase64 | undefined) {
    this.#viewer = viewer;
    this.#body = body;
    this.#decode = decode;
  }

  read(): void {
    for (const name of instructions) this.#add(this.#body[name], 0);
    for (const name of lists) {
      const value = this.#body[name];
      if (Array.isArray(value)) for (const item of value) this.#addItem(item);
      else this.#add(value, 0);
    }
    for (const name of formats) this.#addSchema(this.#body[name]);
    const generation = this.#body['generationConfig'] ?? this.#body['generation_config'];
    if (isFields(generation)) this.#addSchema({ schema: generation['responseSchema'] });
  }

  #addItem(item: unknown): void {
    if (isFields(item) && (item['role'] !== undefined || item['parts'] !== undefined)) {
      this.messages += 1;
      if (typeof item['name'] === 'string') this.names += 1;
    }
    this.#add(item, 0);
  }

  /** Everything that the model reads: texts, names and arguments of calls, files. */
  #add(value: unknown, depth: number): void {
    if (typeof value === 'string') {
      if (value !== '') this.texts.push(value);
      return;
    }
    if (depth > deepest) return;
    if (Array.isArray(value)) {
      for (const part of value) this.#add(part, depth + 1);
      return;
    }
    if (!isFields(value)) return;
    const file = fileIn(value);
    if (file !== null) {
      this.files.push(countFile(file, this.#viewer, this.#decode));
      return;
    }
    for (const [name, member] of Object.entries(value)) {
      if (settings.has(name)) continue;
      if (asJson.has(name) && isFields(member)) this.texts.push(JSON.stringify(member));
      else this.#add(member, depth + 1);
    }
  }

  /** A schema that the answer must have: JSON, as far as it is known. */
  #addSchema(format: unknown): void {
    if (!isFields(format)) return;
    const schema = format['json_schema'] ?? format['schema'] ?? format['format'];
    // Plain text is no schema.
    if (isFields(schema) && schema['type'] !== 'text') this.texts.push(JSON.stringify(schema));
  }
}

/** Members that set something and are no text for the model. */
const settings: ReadonlySet<string> = new Set([
  'role',
  'type',
  'id',
  'status',
  'cache_control',
  'cachePoint',
  'citations',
  'signature',
  'encrypted_content',
  'thoughtSignature',
  'tool_call_id',
  'tool_use_id',
  'call_id',
  'detail',
  'media_type',
  'mimeType',
  'mime_type',
]);

/** Arguments and results of calls that are JSON rather than parts. */
const asJson: ReadonlySet<string> = new Set(['input', 'args', 'arguments', 'response']);

function notesOf(
  { own, encoding, factor }: TokenizerFamily,
  hasTools: boolean,
  files: readonly CountedFile[],
  body: Fields,
): string[] {
  const notes: string[] = [];
  if (!own) notes.push(`The model's tokenizer is not public: counted as ${encoding} × ${factor}.`);
  if (hasTools) notes.push('Tool schemas are counted by documented rules.');
  if (files.length > 0) notes.push('Images and files are counted by documented rules.');
  const unseen = files.filter(({ isInline }) => !isInline).length;
  if (unseen > 0) {
    notes.push(`${unseen} of the files are not in the request: their size is assumed.`);
  }
  if (hasServerHistory(body)) {
    notes.push(
      'The request continues a conversation that the provider keeps: that part is not counted.',
    );
  }
  return notes;
}

/** Whether input of the call lies with the provider. */
function hasServerHistory(body: Fields): boolean {
  return ['previous_response_id', 'conversation', 'previous_interaction_id', 'cachedContent'].some(
    (name) => body[name] !== undefined && body[name] !== null,
  );
}
