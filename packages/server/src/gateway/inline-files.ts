/** What of a request is no text: files coded as text in it, and the tokens that they come to. */
export interface InlineFiles {
  /** Bytes of the request that the files take. */
  bytes: number;
  /** Estimated by the rules that providers document; never billed from. */
  tokens: number;
}

/** Smaller requests hold no file worth telling apart from text. */
const leastRequest = 4_096;
const leastFile = 1_024;

/**
 * What an image of unknown size comes to. Anthropic charges width × height ÷ 750 and scales larger ones
 * down to about 1,600 (https://docs.anthropic.com/en/docs/build-with-claude/vision); OpenAI's tiles
 * come to 765 for a square in high detail, Gemini's to 258 each.
 */
const imageTokens = 1_600;

/** Documents and sound: a page of PDF has some 50 KB and takes 1,500 to 3,000 tokens (same source). */
const bytesPerDocumentToken = 25;

/** Where base64 begins: data URLs, and members named `data` (Anthropic's sources, Gemini's and OpenAI's parts). */
const markers = [';base64,', '"data":"', '"data": "'] as const;

const none: InlineFiles = { bytes: 0, tokens: 0 };

/** Finds files without parsing: long base64 strings in the places where the APIs have them. */
export function inlineFiles(body: Buffer): InlineFiles {
  if (body.length < leastRequest) return none;
  let bytes = 0;
  let tokens = 0;
  for (const marker of markers) {
    for (let at = body.indexOf(marker); at >= 0; at = body.indexOf(marker, at)) {
      const start = at + marker.length;
      const end = body.indexOf('"', start);
      const length = end - start;
      at = length > 0 ? end : start;
      if (length < leastFile || !isBase64(body, start)) continue;
      bytes += length;
      tokens += isImage(body, start) ? imageTokens : Math.ceil(length / bytesPerDocumentToken);
    }
  }
  return bytes === 0 ? none : { bytes, tokens };
}

/** A data URL inside a member named `data` is found by its own marker: `data:` is not base64. */
function isBase64(body: Buffer, start: number): boolean {
  return /^[\w+/-]{64}$/.test(body.toString('latin1', start, start + 64));
}

/** The first bytes of JPEG, PNG, GIF and WebP as base64 shows them. */
function isImage(body: Buffer, start: number): boolean {
  return /^(?:\/9j\/|iVBORw0|R0lGOD|UklGR)/.test(body.toString('latin1', start, start + 8));
}
