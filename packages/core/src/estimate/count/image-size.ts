import type { FileBytes } from './base64-bytes.js';

export interface ImageSize {
  width: number;
  height: number;
}

/** Segments of a JPEG that are looked at before its size; photos have some dozens. */
const mostSegments = 500;

/**
 * Width and height in pixels, from the header of a PNG, JPEG, GIF or WebP. Null where the bytes are
 * none of them, or break off before they say. Nothing is decoded: a JPEG's segments are stepped over.
 */
export function imageSize(bytes: FileBytes): ImageSize | null {
  const size = sizeOf(bytes);
  return size !== null && size.width > 0 && size.height > 0 ? size : null;
}

function sizeOf(bytes: FileBytes): ImageSize | null {
  const first = bytes.at(0);
  if (first === 0x89) return hasText(bytes, 1, 'PNG') ? sizeOfPng(bytes) : null;
  if (first === 0xff) return bytes.at(1) === 0xd8 ? sizeOfJpeg(bytes) : null;
  if (hasText(bytes, 0, 'GIF8')) return pair(little(bytes, 6, 2), little(bytes, 8, 2));
  const isWebp = hasText(bytes, 0, 'RIFF') && hasText(bytes, 8, 'WEBP');
  return isWebp ? sizeOfWebp(bytes) : null;
}

/** The first chunk is the header: https://www.w3.org/TR/png/#11IHDR. */
function sizeOfPng(bytes: FileBytes): ImageSize | null {
  return hasText(bytes, 12, 'IHDR') ? pair(big(bytes, 16, 4), big(bytes, 20, 4)) : null;
}

/** The frame header (SOF0 to SOF15, but not the tables C4, C8 and CC): ITU T.81, B.2.2. */
function sizeOfJpeg(bytes: FileBytes): ImageSize | null {
  let at = 2;
  for (let segment = 0; segment < mostSegments; segment++) {
    if (bytes.at(at) !== 0xff) return null;
    const marker = bytes.at(at + 1);
    if (marker === undefined) return null;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame =
      marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return pair(big(bytes, at + 7, 2), big(bytes, at + 5, 2));
    const length = big(bytes, at + 2, 2);
    if (length === null || length < 2) return null;
    at += 2 + length;
  }
  return null;
}

/** Lossy, lossless and extended: https://developers.google.com/speed/webp/docs/riff_container. */
function sizeOfWebp(bytes: FileBytes): ImageSize | null {
  if (hasText(bytes, 12, 'VP8X')) {
    return pair(next(little(bytes, 24, 3)), next(little(bytes, 27, 3)));
  }
  if (hasText(bytes, 12, 'VP8L')) {
    const bits = little(bytes, 21, 4);
    return bits === null
      ? null
      : { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (!hasText(bytes, 12, 'VP8 ')) return null;
  const [width, height] = [little(bytes, 26, 2), little(bytes, 28, 2)];
  // The two highest bits are a scale for the viewer.
  return width === null || height === null
    ? null
    : { width: width & 0x3fff, height: height & 0x3fff };
}

function pair(width: number | null, height: number | null): ImageSize | null {
  return width === null || height === null ? null : { width, height };
}

function next(value: number | null): number | null {
  return value === null ? null : value + 1;
}

function big(bytes: FileBytes, offset: number, count: number): number | null {
  let value = 0;
  for (let index = 0; index < count; index++) {
    const byte = bytes.at(offset + index);
    if (byte === undefined) return null;
    value = value * 256 + byte;
  }
  return value;
}

function little(bytes: FileBytes, offset: number, count: number): number | null {
  let value = 0;
  for (let index = count - 1; index >= 0; index--) {
    const byte = bytes.at(offset + index);
    if (byte === undefined) return null;
    value = value * 256 + byte;
  }
  return value;
}

function hasText(bytes: FileBytes, offset: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes.at(offset + index) !== text.charCodeAt(index)) return false;
  }
  return true;
}
