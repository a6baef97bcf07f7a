import { canonicalProvider } from '../../usage/providers.js';
import type { FileBytes } from './base64-bytes.js';
import { imageTokens, type Viewer } from './image-tokens.js';
import { claudeVersion, geminiVersion } from './model-version.js';
import { bareName } from './tokenizer-family.js';

/** Bytes of a second of sound that is compressed as usual (128 kbit/s). */
const bytesPerSecond = 16_000;

/** Seconds of sound: exactly for WAV, whose header states its rate, else by the number of bytes. */
export function audioSeconds(bytes: FileBytes): number {
  const isWav = bytes.at(0) === 0x52 && bytes.at(1) === 0x49 && bytes.at(8) === 0x57;
  const rate = isWav ? littleEndian(bytes, 28) : 0;
  return bytes.length / (rate > 0 ? rate : bytesPerSecond);
}

/**
 * Input tokens of sound: OpenAI counts one for each 100 ms
 * (https://platform.openai.com/docs/guides/realtime-costs), Gemini 32 for a second
 * (https://ai.google.dev/gemini-api/docs/audio). Others are taken to count as Gemini does.
 */
export function audioTokens({ provider, model }: Viewer, seconds: number): number {
  const maker = provider === null ? '' : canonicalProvider(provider);
  const isOpenai = maker === 'openai' || maker === 'azure' || bareName(model).startsWith('gpt-');
  return Math.ceil(seconds * (isOpenai ? 10 : 32));
}

/** What a page of a PDF has in bytes where it is not known how many pages there are. */
const bytesPerPage = 50_000;

/** Pages of a PDF of so many bytes, where they cannot be counted. */
export function likelyPages(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / bytesPerPage));
}

/**
 * Pages that a PDF says it has, out of its bytes read as Latin-1: the largest count of its page tree, or
 * the page objects that stand in the open. Null where both are inside compressed objects.
 */
export function pdfPages(text: string): number | null {
  if (!text.startsWith('%PDF')) return null;
  let most = 0;
  for (const [, count] of text.matchAll(/\/Type\s*\/Pages\b[^>]{0,400}?\/Count\s+(\d{1,6})/g)) {
    most = Math.max(most, Number(count));
  }
  for (const [, count] of text.matchAll(/\/Count\s+(\d{1,6})[^>]{0,400}?\/Type\s*\/Pages\b/g)) {
    most = Math.max(most, Number(count));
  }
  if (most > 0) return most;
  const objects = text.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
  return objects > 0 ? objects : null;
}

/** A page at 150 dots to the inch. */
const pageSize = { width: 1_240, height: 1_754 };
/** A page of prose: 500 words. */
const wordTokens = 700;

/**
 * Input tokens of a PDF. Anthropic: 1,500 to 3,000 for a page, its image included
 * (https://platform.claude.com/docs/en/build-with-claude/pdf-support). Gemini: 258 for a page, 560 from
 * version 3 on (https://ai.google.dev/gemini-api/docs/document-processing). OpenAI: the text and an image
 * of every page (https://platform.openai.com/docs/guides/pdf-files).
 */
export function documentTokens(viewer: Viewer, pages: number): number {
  const name = bareName(viewer.model);
  const gemini = geminiVersion(name);
  const maker = viewer.provider === null ? '' : canonicalProvider(viewer.provider);
  if (gemini !== null || maker === 'google') return pages * ((gemini ?? 3) >= 3 ? 560 : 258);
  if (claudeVersion(name) !== null || maker === 'anthropic') return pages * 3_000;
  return pages * (wordTokens + imageTokens(viewer, pageSize, 'high'));
}

function littleEndian(bytes: FileBytes, offset: number): number {
  const byte = (index: number) => bytes.at(offset + index) ?? 0;
  return byte(0) + byte(1) * 2 ** 8 + byte(2) * 2 ** 16 + byte(3) * 2 ** 24;
}
