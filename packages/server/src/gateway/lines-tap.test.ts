import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LinesTap } from './lines-tap.js';

function read(bytes: Buffer, sizes: readonly number[], take: (line: unknown) => boolean) {
  const tap = new LinesTap(take);
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const piece = bytes.subarray(at, at + sizes[turn % sizes.length]!);
    expect(tap.push(piece)).toBe(piece);
    at += piece.length;
  }
  tap.flush();
}

test('hands on every line once, in whatever pieces it comes, the last without its end too', () => {
  const lines = [{ custom_id: 'a', text: 'Größe\n' }, { custom_id: 'b' }, { custom_id: 'c' }];
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 }),
      fc.constantFrom('', '\n', '\n\n', '\r\n'),
      (sizes, end) => {
        const seen: unknown[] = [];
        read(Buffer.from(text + end), sizes, (line) => seen.push(line) > 0);
        expect(seen).toEqual(lines);
      },
    ),
  );
});

test('stops listening at the first line that is refused', () => {
  const seen: unknown[] = [];
  read(Buffer.from('{"a":1}\n{"a":2}\n{"a":3}\n'), [5], (line) => seen.push(line) < 2);
  expect(seen).toEqual([{ a: 1 }, { a: 2 }]);
});

test('does not listen to what is no JSON', () => {
  const seen: unknown[] = [];
  read(Buffer.from('%PDF-1.7\n{"custom_id":"x"}\n'), [100], (line) => seen.push(line) > 0);
  expect(seen).toEqual([]);
});
