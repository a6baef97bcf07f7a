import { codedFileTokens } from '@farthing/core';

/** What estimates go by: how much of a request is text, and what its files come to in tokens. */
export interface RequestSize {
  textBytes: number;
  fileTokens: number;
}

/** Smaller requests hold no file worth telling apart from text. */
const leastRequest = 4_096;
const leastFile = 1_024;

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
        fileTokens += codedFileTokens(body.slice(start, start + 8), length);
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
