import { isFields, type Fields } from '../../usage/fields.js';
import { base64Bytes, type FileBytes } from './base64-bytes.js';
import { imageSize, type ImageSize } from './image-size.js';
import { imageTokens, type Viewer } from './image-tokens.js';
import {
  audioSeconds,
  audioTokens,
  documentTokens,
  likelyPages,
  pdfPages,
} from './media-tokens.js';

export type FileKind = 'image' | 'audio' | 'document' | 'video';

/** A file in a request, inline or referred to. */
export interface RequestFile {
  kind: FileKind;
  /** Base64; null for a file that lies elsewhere. */
  data: string | null;
  detail: string | null;
}

/** Base64 as text with a character for each byte (Latin-1). */
export type DecodeBase64 = (base64: string) => string;

/** A file with the tokens that it comes to. */
export interface CountedFile {
  kind: FileKind;
  tokens: number;
  /** Of an image whose header says it. */
  size: ImageSize | null;
  isInline: boolean;
}

/** The file that a part of a message is; null for any other part. */
export function fileIn(part: Fields): RequestFile | null {
  return openaiFile(part) ?? anthropicFile(part) ?? geminiFile(part) ?? bedrockFile(part);
}

/** Tokens of a file by the rules for its kind; of one that lies elsewhere by what is usual. */
export function countFile(
  { kind, data, detail }: RequestFile,
  viewer: Viewer,
  decode?: DecodeBase64,
): CountedFile {
  const bytes = data === null ? null : base64Bytes(data.length, (index) => data.charCodeAt(index));
  const size = kind === 'image' && bytes !== null ? imageSize(bytes) : null;
  const isInline = data !== null;
  if (kind === 'image') return { kind, tokens: imageTokens(viewer, size, detail), size, isInline };
  if (kind !== 'document')
    return { kind, tokens: lengthTokens(kind, bytes, viewer), size, isInline };
  const counted = data === null || decode === undefined ? null : pdfPages(decode(data));
  const pages = counted ?? (bytes === null ? unknownPages : likelyPages(bytes.length));
  return { kind, tokens: documentTokens(viewer, pages), size, isInline };
}

/** A file elsewhere is taken for a document of ten pages, or for a minute of sound or video. */
const unknownPages = 10;
const unknownSeconds = 60;
/** https://ai.google.dev/gemini-api/docs/video-understanding: 258 for a frame a second, 32 for its sound. */
const videoTokensPerSecond = 290;
/** Bytes of a second of video at 2 Mbit/s. */
const videoBytesPerSecond = 250_000;

function lengthTokens(kind: 'audio' | 'video', bytes: FileBytes | null, viewer: Viewer): number {
  if (kind === 'audio') {
    return audioTokens(viewer, bytes === null ? unknownSeconds : audioSeconds(bytes));
  }
  const seconds = bytes === null ? unknownSeconds : bytes.length / videoBytesPerSecond;
  return Math.ceil(seconds) * videoTokensPerSecond;
}

/** Chat completions: `image_url`, `input_audio`, `file`; responses: `input_image`, `input_file`. */
function openaiFile(part: Fields): RequestFile | null {
  switch (part['type']) {
    case 'image_url': {
      const image = part['image_url'];
      const url = isFields(image) ? image['url'] : image;
      return of('image', url, isFields(image) ? image['detail'] : undefined);
    }
    case 'input_image':
      return of('image', part['image_url'], part['detail']);
    case 'input_audio': {
      const audio = part['input_audio'];
      return of('audio', isFields(audio) ? audio['data'] : undefined, undefined);
    }
    case 'file':
    case 'input_file': {
      const file = isFields(part['file']) ? part['file'] : part;
      return of('document', file['file_data'], undefined);
    }
    default:
      return null;
  }
}

/** Anthropic: images and documents by source; text documents are text. */
function anthropicFile({ type, source }: Fields): RequestFile | null {
  if ((type !== 'image' && type !== 'document') || !isFields(source)) return null;
  if (source['type'] === 'text' || source['type'] === 'content') return null;
  return of(type, source['data'], undefined);
}

/** Gemini: `inlineData` and `fileData` with a media type; its clients may write them in snake case. */
function geminiFile(part: Fields): RequestFile | null {
  const inline = part['inlineData'] ?? part['inline_data'];
  const referred = part['fileData'] ?? part['file_data'];
  const file = isFields(inline) ? inline : isFields(referred) ? referred : null;
  if (file === null) return null;
  const type = file['mimeType'] ?? file['mime_type'];
  const resolution = part['mediaResolution'] ?? part['media_resolution'];
  const level = isFields(resolution) ? resolution['level'] : resolution;
  const detail =
    typeof level === 'string' ? level.toLowerCase().replace('media_resolution_', '') : undefined;
  return of(kindOf(type), file['data'], detail);
}

/** Bedrock's Converse: `{ image: { format, source: { bytes } } }`, and documents likewise. */
function bedrockFile(part: Fields): RequestFile | null {
  for (const kind of ['image', 'document', 'video'] as const) {
    const file = part[kind];
    if (isFields(file) && isFields(file['source']))
      return of(kind, file['source']['bytes'], undefined);
  }
  return null;
}

function of(kind: FileKind, data: unknown, detail: unknown): RequestFile {
  return {
    kind,
    data: typeof data === 'string' ? base64Of(data) : null,
    detail: typeof detail === 'string' ? detail : null,
  };
}

/** The data of a data URL, or base64 as it is; null for any other URL and for ids of files. */
function base64Of(text: string): string | null {
  if (text.startsWith('data:')) {
    const comma = text.indexOf(',');
    return comma < 0 ? null : text.slice(comma + 1);
  }
  return /^[a-z][a-z0-9+.-]*:/i.test(text) || text.startsWith('file-') ? null : text;
}

function kindOf(mediaType: unknown): FileKind {
  if (typeof mediaType !== 'string') return 'document';
  if (mediaType.startsWith('image/')) return 'image';
  if (mediaType.startsWith('audio/')) return 'audio';
  return mediaType.startsWith('video/') ? 'video' : 'document';
}
