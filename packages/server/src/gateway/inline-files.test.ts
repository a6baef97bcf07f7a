import { expect, test } from 'vitest';
import { inlineFiles } from './inline-files.js';

/** The head of a PNG of 1,024 × 1,024, and bytes of whatever it shows. */
const head = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000004000000040008060000007f1d2b83',
  'hex',
);
const picture = Buffer.concat([head, Buffer.alloc(6_000, 0x5a)]).toString('base64');
const pdf = `JVBERi0xLjQ${'B'.repeat(150_000)}`;
const openai = { provider: 'openai', model: 'gpt-4o' };
const claude = { provider: 'anthropic', model: 'claude-sonnet-4-5' };
const gemini = { provider: 'google', model: 'gemini-3.1-pro' };
const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));

test.each([
  ['chat completions', openai, { image_url: { url: `data:image/png;base64,${picture}` } }, 765],
  ['responses', openai, { image_url: `data:image/png;base64,${picture}` }, 765],
  [
    'Anthropic',
    claude,
    { source: { type: 'base64', media_type: 'image/png', data: picture } },
    37 * 37,
  ],
  ['Gemini', gemini, { inlineData: { mimeType: 'image/png', data: picture } }, 1_120],
] as const)('an image in a request to %s counts by its size', (_, viewer, part, tokens) => {
  const body = bytesOf({ messages: [part, { text: 'What is it?' }] });
  expect(inlineFiles(body, viewer)).toEqual({ bytes: picture.length, tokens });
});

test('low detail is read where it stands behind the image, or in front of it', () => {
  const url = `data:image/png;base64,${picture}`;
  for (const image of [
    { url, detail: 'low' },
    { detail: 'low', url },
  ]) {
    expect(inlineFiles(bytesOf([{ image_url: image }]), openai).tokens).toBe(85);
  }
  const parts = [{ image_url: { url } }, { image_url: { url, detail: 'low' } }];
  expect(inlineFiles(bytesOf(parts), openai).tokens).toBe(765 + 85);
});

test('documents count by pages of 50 KB, sound by its length, and every file counts', () => {
  const sound = Buffer.alloc(160_000).toString('base64');
  const parts = [
    { type: 'document', source: { data: pdf } },
    { type: 'input_audio', input_audio: { data: sound, format: 'mp3' } },
    { source: { data: picture } },
  ];
  expect(inlineFiles(bytesOf(parts), claude)).toEqual({
    bytes: pdf.length + sound.length + picture.length,
    // Three pages, ten seconds and the image.
    tokens: 3 * 3_000 + 10 * 32 + 37 * 37,
  });
});

test('an image that lies elsewhere counts as a screen, also in a short request', () => {
  const url = 'https://example.com/a.png';
  const screen = 1_105;
  expect(inlineFiles(bytesOf([{ type: 'image_url', image_url: { url } }]), openai)).toEqual({
    bytes: 0,
    tokens: screen,
  });
  expect(inlineFiles(bytesOf([{ type: 'input_image', image_url: url }]), openai).tokens).toBe(
    screen,
  );
  expect(inlineFiles(bytesOf([{ source: { type: 'url', url } }]), claude).tokens).toBe(1_560);
  for (const fileData of [{ mimeType: 'image/png', fileUri: url }, { file_uri: url }]) {
    expect(inlineFiles(bytesOf([{ fileData }]), gemini).tokens).toBe(1_120);
    expect(inlineFiles(bytesOf([{ fileData }, { type: 'OBJECT' }]), gemini).tokens).toBe(1_120);
  }
});

test('text that looks like a file at its beginning is text', () => {
  const text = { data: `${'words and more '.repeat(500)}`, url: ';base64,'.repeat(1_000) };
  expect(inlineFiles(bytesOf(text), openai)).toEqual({ bytes: 0, tokens: 0 });
});
