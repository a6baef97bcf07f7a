import { expect, test } from 'vitest';
import { inlineFiles } from './inline-files.js';

const picture = `iVBORw0KGgo${'A'.repeat(8_000)}`;
const pdf = `JVBERi0xLjQ${'B'.repeat(50_000)}`;

test.each([
  ['OpenAI', { image_url: { url: `data:image/png;base64,${picture}` } }],
  ['Anthropic', { source: { type: 'base64', media_type: 'image/png', data: picture } }],
  ['Gemini', { inlineData: { mimeType: 'image/png', data: picture } }],
])('an image in a request to %s is told apart from its text', (_, part) => {
  const body = Buffer.from(JSON.stringify({ messages: [part, { text: 'What is it?' }] }));
  expect(inlineFiles(body)).toEqual({ bytes: picture.length, tokens: 1_600 });
});

test('documents come to tokens by their size, and every file counts', () => {
  const parts = [{ data: pdf }, { data: picture }];
  const { bytes, tokens } = inlineFiles(Buffer.from(JSON.stringify(parts)));
  expect(bytes).toBe(pdf.length + picture.length);
  expect(tokens).toBe(1_600 + Math.ceil(pdf.length / 25));
});

test('text that looks like a file at its beginning is text', () => {
  const text = { data: `${'words and more '.repeat(500)}`, url: ';base64,'.repeat(1_000) };
  expect(inlineFiles(Buffer.from(JSON.stringify(text)))).toEqual({ bytes: 0, tokens: 0 });
});
