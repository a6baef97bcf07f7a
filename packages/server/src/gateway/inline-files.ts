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

/**
 * Where base64 begins: data URLs, and members named `data` (Anthropic's sources, Gemini's and OpenAI's
 * parts). Markers begin with a character that is rare in text: so they are found ten times as fast.
 */
const markers = [';base64,', '"data"'] as const;

/** Files that lie elsewhere, as parts that have a type: chat completions and responses, Anthropic. */
const typedParts: readonly RemoteForm[] = [
  ['"image_url"', /^\s*:\s*(?:\{[^{}]{0,60}"url"\s*:\s*)?"https?:/],
  ['"source"', /^\s*:\s*\{\s*"type"\s*:\s*"(?:url|file)"/],
];
/** The same as parts without one: Gemini, in both its spellings. */
const untypedParts: readonly RemoteForm[] = [['"file', /^(?:Uri|_uri)"\s*:\s*"/]];
const allParts = [...typedParts, ...untypedParts];

type RemoteForm = readonly [marker: string, form: RegExp];

const none: InlineFiles = { bytes: 0, tokens: 0 };

/**
 * Finds files without parsing: long base64 strings in the places where the APIs have them, and images
 * that are referred to. Of images only the header is read, for their size.
 */
export function inlineFiles(body: Buffer, viewer: Viewer): InlineFiles {
  const files = body.length < leastFile ? noFiles : findFiles(body);
  let bytes = 0;
  let tokens = 0;
  for (const { marker, start, end } of files) {
    bytes += end - start;
    tokens += fileTokens(body, marker, start, end, viewer);
  }
  const remote = remoteCount(body, files);
  if (remote > 0) tokens += remote * imageTokens(viewer, null);
  return tokens === 0 ? none : { bytes, tokens };
}

/** Offsets of a file's base64, and of what announced it. */
interface FoundFile {
  marker: number;
  start: number;
  end: number;
}

const noFiles: readonly FoundFile[] = [];

function findFiles(body: Buffer): readonly FoundFile[] {
  let found: FoundFile[] | null = null;
  for (const marker of markers) {
    for (let at = body.indexOf(marker); at >= 0;) {
      const behind = at + marker.length;
      const start = marker === '"data"' ? stringStart(body, behind) : behind;
      const end = start < 0 ? -1 : body.indexOf(0x22, start);
      if (end - start >= leastFile && isBase64(body, start)) {
        (found ??= []).push({ marker: at, start, end });
      }
      at = body.indexOf(marker, Math.max(behind, end));
    }
  }
  return found?.sort((a, b) => a.start - b.start) ?? noFiles;
}

/** Where the text of a member's value begins, behind its name; -1 where it is no string. */
function stringStart(body: Buffer, behind: number): number {
  let at = behind;
  if (body[at] === 0x20) at += 1;
  if (body[at] !== 0x3a) return -1;
  at += 1;
  if (body[at] === 0x20) at += 1;
  return body[at] === 0x22 ? at + 1 : -1;
}

/** How many files are referred to; looked for only between those that are inline. */
function remoteCount(body: Buffer, files: readonly FoundFile[]): number {
  let count = 0;
  let from = 0;
  for (const { start, end } of files) {
    count += remoteWithin(body.subarray(from, start));
    from = end;
  }
  return count + remoteWithin(from === 0 ? body : body.subarray(from));
}

function remoteWithin(part: Buffer): number {
  const isTyped = part.includes('"type"');
  let count = 0;
  for (const [marker, form] of isTyped ? allParts : untypedParts) {
    for (let at = part.indexOf(marker); at >= 0; at = part.indexOf(marker, at + 1)) {
      const behind = at + marker.length;
      if (form.test(part.toString('latin1', behind, behind + 100))) count += 1;
    }
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
