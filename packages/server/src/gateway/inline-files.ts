import {
  audioSeconds,
  audioTokens,
  base64Bytes,
  documentTokens,
  imageSize,
  imageTokens,
  likelyPages,
  type FileBytes,
  type Viewer,
} from '@farthing/core';

/** What of a request is no text: files coded as text in it, and the tokens that they come to. */
export interface InlineFiles {
  /** Bytes of the request that the files take. */
  bytes: number;
  /** Estimated by the rules that providers document; never billed from. */
  tokens: number;
}

/** Smaller files are not worth telling apart from text, and smaller requests hold none. */
const leastFile = 1_024;

/** Where base64 begins: data URLs, and members named `data` (Anthropic's sources, Gemini's and OpenAI's parts). */
const markers = [';base64,', '"data":"', '"data": "'] as const;

/** Images that lie elsewhere: chat completions, responses, Anthropic and Gemini. */
const remoteMarkers = [
  '"image_url":{"url":"http',
  '"image_url": {"url": "http',
  '"image_url":"http',
  '"image_url": "http',
  '"source":{"type":"url"',
  '"source": {"type": "url"',
  '"fileUri":"',
  '"file_uri":"',
] as const;

const none: InlineFiles = { bytes: 0, tokens: 0 };

/**
 * Finds files without parsing: long base64 strings in the places where the APIs have them, and images
 * that are referred to. Of images only the header is read, for their size.
 */
export function inlineFiles(body: Buffer, viewer: Viewer): InlineFiles {
  // No form of a file goes without one of these words, and most requests have none of them.
  const mayRefer = body.includes('image') || body.includes('"file') || body.includes('"source"');
  const remote = mayRefer ? remoteImages(body) * imageTokens(viewer, null) : 0;
  if (body.length < leastFile) return remote === 0 ? none : { bytes: 0, tokens: remote };
  let bytes = 0;
  let tokens = remote;
  for (const marker of markers) {
    for (let at = body.indexOf(marker); at >= 0; at = body.indexOf(marker, at)) {
      const start = at + marker.length;
      const end = body.indexOf('"', start);
      const length = end - start;
      const isFile = length >= leastFile && isBase64(body, start);
      if (isFile) {
        bytes += length;
        tokens += fileTokens(body, at, start, end, viewer);
      }
      at = length > 0 ? end : start;
    }
  }
  return bytes === 0 && tokens === 0 ? none : { bytes, tokens };
}

function remoteImages(body: Buffer): number {
  let count = 0;
  for (const marker of remoteMarkers) {
    for (let at = body.indexOf(marker); at >= 0; at = body.indexOf(marker, at + 1)) count += 1;
  }
  return count;
}

/** A data URL inside a member named `data` is found by its own marker: `data:` is not base64. */
function isBase64(body: Buffer, start: number): boolean {
  return /^[\w+/-]{64}$/.test(body.toString('latin1', start, start + 64));
}

function fileTokens(
  body: Buffer,
  marker: number,
  start: number,
  end: number,
  viewer: Viewer,
): number {
  const bytes = base64Bytes(end - start, (index) => body[start + index]!);
  if (isSound(bytes, body, marker)) return audioTokens(viewer, audioSeconds(bytes));
  return isImage.test(body.toString('latin1', start, start + 8))
    ? imageTokens(viewer, imageSize(bytes), detailAt(body, marker, end))
    : documentTokens(viewer, likelyPages(bytes.length));
}

/** The first bytes of JPEG, PNG, GIF and WebP as base64 shows them. */
const isImage = /^(?:\/9j\/|iVBORw0|R0lGOD|UklGR)/;

/** WAV by its header, other sound by what is said about it in front. */
function isSound(bytes: FileBytes, body: Buffer, marker: number): boolean {
  if (bytes.at(0) === 0x52 && bytes.at(8) === 0x57 && bytes.at(9) === 0x41) return true;
  const before = body.toString('latin1', Math.max(0, marker - 60), marker);
  return before.includes('audio');
}

/** What detail an image is asked for, which stands right behind its URL or in front of it. */
function detailAt(body: Buffer, marker: number, end: number): string | null {
  const after = body.toString('latin1', end, end + 40);
  const behind = /^"\s*,\s*"detail"\s*:\s*"(\w+)"/.exec(after)?.[1];
  if (behind !== undefined) return behind;
  const before = body.toString('latin1', Math.max(0, marker - 90), marker);
  return /"detail"\s*:\s*"(\w+)"\s*,\s*"(?:url|image_url)"\s*:\s*"[^"]*$/.exec(before)?.[1] ?? null;
}
