import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base64Bytes } from './base64-bytes.js';
import { imageSize } from './image-size.js';

const sizeOf = (base64: string) =>
  imageSize(base64Bytes(base64.length, (index) => base64.charCodeAt(index)));

/** Images of one pixel as real encoders write them. */
const onePixel: Record<string, string> = {
  png: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  gif: 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
  'progressive jpeg':
    '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=',
  'lossy webp': 'UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA',
  'lossless webp': 'UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==',
  'webp with transparency':
    'UklGRkoAAABXRUJQVlA4WAoAAAAQAAAAAAAAAAAAQUxQSAwAAAARBxAR/Q9ERP8DAABWUDggGAAAABQBAJ0BKgEAAQAAAP4AAA3AAP7mtQAAAA==',
};

test.each(Object.entries(onePixel))('reads the size of a %s', (_, base64) => {
  expect(sizeOf(base64)).toEqual({ width: 1, height: 1 });
});

const u16 = (value: number) => [value >> 8, value & 0xff];
const side = fc.integer({ min: 1, max: 0xffff });

test('a photo says its size behind whatever its camera wrote before', () => {
  const segments = fc.array(
    fc.record({
      marker: fc.integer({ min: 0xe0, max: 0xef }),
      bytes: fc.uint8Array({ maxLength: 3_000 }),
    }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(side, side, segments, (width, height, before) => {
      const jpeg = Buffer.from([
        0xff,
        0xd8,
        ...before.flatMap(({ marker, bytes }) => [
          0xff,
          marker,
          ...u16(bytes.length + 2),
          ...bytes,
        ]),
        // A table of Huffman codes is no frame, although its marker lies among those of frames.
        0xff,
        0xc4,
        ...u16(4),
        1,
        2,
        0xff,
        0xc0,
        ...u16(17),
        8,
        ...u16(height),
        ...u16(width),
        3,
      ]);
      expect(sizeOf(jpeg.toString('base64'))).toEqual({ width, height });
      expect(sizeOf(jpeg.toString('base64url'))).toEqual({ width, height });
    }),
  );
});

test('whatever the bytes are, the answer is a size or that there is none', () => {
  const heads = [
    '',
    'RIFF\0\0\0\0WEBPVP8X',
    'RIFF\0\0\0\0WEBPVP8L',
    'GIF89a',
    '\x89PNG',
    '\xff\xd8\xff',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 200 }), (head, bytes) => {
      const base64 = Buffer.concat([Buffer.from(head, 'latin1'), bytes]).toString('base64');
      const size = sizeOf(base64);
      if (size !== null) expect(Math.min(size.width, size.height)).toBeGreaterThan(0);
    }),
  );
  expect(sizeOf(onePixel['png']!.slice(0, 24))).toBeNull();
});
