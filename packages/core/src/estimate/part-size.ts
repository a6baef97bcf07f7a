import { isFields, type Fields } from '../usage/fields.js';

/** What a part of a request comes to, in characters. */
export interface Size {
  /** Texts, names and values, as the model reads them. */
  text: number;
  /** Images, sound and documents: four characters for each of their tokens by the documented rules. */
  files: number;
}

const charactersPerToken = 4;

/**
 * What an image of unknown size comes to: Anthropic scales larger ones down to about 1,600
 * (https://docs.anthropic.com/en/docs/build-with-claude/vision), OpenAI's and Gemini's come to less.
 */
const imageTokens = 1_600;

/** Documents and sound: a page of PDF has some 50 KB and takes 1,500 to 3,000 tokens (same source). */
const bytesPerDocumentToken = 25;

/** Names of fields that hold a file's bytes, coded as text. */
const byteFields: ReadonlySet<string> = new Set([
  'data',
  'url',
  'image_url',
  'file_data',
  'file_url',
  'bytes',
]);
const leastFile = 1_000;

/** Fields that are no input: where a cache may end, and handles of the protocol. */
const silentFields: ReadonlySet<string> = new Set(['cache_control', 'cachePoint']);

/** Sizes a value of a request without writing it out again. */
export function sizeOf(value: unknown): Size {
  const size: Size = { text: 0, files: 0 };
  add(size, value, '');
  return size;
}

function add(size: Size, value: unknown, name: string): void {
  if (typeof value === 'string') {
    if (!isFile(value, name)) size.text += value.length;
    else size.files += charactersPerToken * fileTokens(value);
  } else if (Array.isArray(value)) {
    for (const item of value) add(size, item, name);
  } else if (isFields(value)) {
    if (isLinkedImage(value)) size.files += charactersPerToken * imageTokens;
    else addFields(size, value);
  } else if (value !== undefined && value !== null) {
    size.text += typeof value === 'number' ? numberLength : 4;
  }
}

const numberLength = 3;

function addFields(size: Size, fields: Fields): void {
  for (const name in fields) {
    if (silentFields.has(name)) continue;
    size.text += name.length + punctuation;
    add(size, fields[name], name);
  }
}

/** Quotes, colon and comma around a member. */
const punctuation = 4;

function isFile(text: string, name: string): boolean {
  if (text.length < leastFile) return false;
  if (text.startsWith('data:')) return true;
  return byteFields.has(name) && /^[\w+/-]{64}$/.test(text.slice(0, 64));
}

/** An image that the request only names: by URL (OpenAI, Anthropic), by file id, or in a bucket (Gemini). */
function isLinkedImage(part: Fields): boolean {
  const { type } = part;
  if (type === 'image_url' || type === 'input_image') {
    const image = part['image_url'];
    const url = isFields(image) ? image['url'] : image;
    return typeof url !== 'string' || !url.startsWith('data:');
  }
  if (type === 'image') {
    const source = part['source'];
    return isFields(source) && source['type'] !== 'base64';
  }
  const file = part['fileData'];
  return isFields(file) && String(file['mimeType'] ?? '').startsWith('image/');
}

function fileTokens(text: string): number {
  const start = text.startsWith('data:') ? text.indexOf(',') + 1 : 0;
  if (text.startsWith('data:image/')) return imageTokens;
  return codedFileTokens(text.slice(start, start + 8), text.length - start);
}

/**
 * What a file that is coded as base64 comes to, in tokens.
 * @param head its first eight characters, which show whether it is an image
 * @param length how many characters it has
 */
export function codedFileTokens(head: string, length: number): number {
  // The first bytes of JPEG, PNG, GIF and WebP as base64 shows them.
  return /^(?:\/9j\/|iVBORw0|R0lGOD|UklGR)/.test(head)
    ? imageTokens
    : Math.ceil(length / bytesPerDocumentToken);
}
