/** What estimates go by: how much of a request is text, and what its files come to in tokens. */
export interface RequestSize {
  textBytes: number;
  fileTokens: number;
}

/** Smaller requests hold no file worth telling apart from text. */
const leastRequest = 4_096;
const leastFile = 1_024;

/** An image of unknown size (https://docs.anthropic.com/en/docs/build-with-claude/vision). */
const imageTokens = 1_600;
/** A page of PDF has some 50 KB and takes 1,500 to 3,000 tokens (same source). */
const bytesPerDocumentToken = 25;

/** Where base64 begins: data URLs, and members named `data`. */
const markers = [';base64,', '"data":"', '"data": "'] as const;

/** The size of a JSON request, with files coded as text told apart from text. */
export function requestSize(body: string): RequestSize {
  let fileBytes = 0;
  let fileTokens = 0;
  if (body.length >= leastRequest) {
    for (const marker of markers) {
      for (let at = body.indexOf(marker); at >= 0; at = body.indexOf(marker, at)) {
        const start = at + marker.length;
        const end = body.indexOf('"', start);
        const length = end - start;
        at = length > 0 ? end : start;
        const isFile = length >= leastFile && /^[\w+/-]{64}$/.test(body.slice(start, start + 64));
        if (!isFile) continue;
        fileBytes += length;
        fileTokens += /^(?:\/9j\/|iVBORw0|R0lGOD|UklGR)/.test(body.slice(start, start + 8))
          ? imageTokens
          : Math.ceil(length / bytesPerDocumentToken);
      }
    }
  }
  return { textBytes: utf8Length(body) - fileBytes, fileTokens };
}

type ByteLength = { byteLength(text: string, encoding: string): number };
const buffer = (globalThis as { Buffer?: ByteLength }).Buffer;
const encoder = new TextEncoder();

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  return buffer === undefined ? encoder.encode(text).length : buffer.byteLength(text, 'utf8');
}
