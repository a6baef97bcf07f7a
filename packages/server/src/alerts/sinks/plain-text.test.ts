import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, plainLine } from './plain-text.js';

test('what others wrote becomes one line that shows and does nothing', () => {
  expect(plainLine('a\r\nBcc: x\u0000\u001b[31m\u2028b ', 100)).toBe('a Bcc: x [31m b');
  expect(plainLine('half \ud83d of a pair', 100)).toBe('half \ufffd of a pair');
  expect(plainLine('gnp.\u202eexe\u2066', 100)).toBe('gnp.exe');
  expect(plainLine('naïve 検索 👩‍💻', 100)).toBe('naïve 検索 👩‍💻');
});

test('a text is cut between characters, and says that it is', () => {
  expect(cut('abcdef', 6)).toBe('abcdef');
  expect(cut('abcdefg', 6)).toBe('abcde…');
  expect(cut('🔥🔥🔥🔥', 6)).toBe('🔥🔥…');
  expect(cut('a<b', 5, (one) => (one === '<' ? '&lt;' : one))).toBe('a…');
});

test('no line is longer than asked for, has half a character, or a control character', () => {
  const text = fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 })
    .map((units) => String.fromCharCode(...units));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 200 }), (strange, most) => {
      const line = plainLine(strange, most);
      expect(line.length).toBeLessThanOrEqual(most);
      expect(line).not.toMatch(/\p{Surrogate}|\p{Cc}/u);
    }),
  );
});
