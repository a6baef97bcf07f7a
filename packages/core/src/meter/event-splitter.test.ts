import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventSplitter } from './event-splitter.js';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test('however a stream is cut into chunks, the same events come out and nothing is lost', () => {
  const event = fc
    .tuple(fc.constantFrom('\n\n', '\r\n\r\n', '\n\r\n'), fc.nat(40))
    .map(([end, length]) => `data: ${'x'.repeat(length)}${end}`);
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 8 }),
      fc.constantFrom('', 'data: cut', 'data: cut\n'),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
      (events, rest, sizes) => {
        const found: string[] = [];
        const splitter = new EventSplitter(
          (size) => new Uint8Array(size),
          (bytes) => found.push(text(bytes)),
        );
        const stream = new TextEncoder().encode(events.join('') + rest);
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const size = sizes[turn % sizes.length]!;
          splitter.push(stream.slice(at, at + size));
          at += size;
        }
        expect(found).toEqual(events);
        expect(splitter.isBetweenEvents).toBe(rest === '');
        expect(text(splitter.rest() ?? new Uint8Array())).toBe(rest);
      },
    ),
  );
});
