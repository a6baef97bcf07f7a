import { expect, test } from 'vitest';
import { pricedForm, pricedRequest } from './priced-request.js';

const read = (api: string, body: unknown) => pricedRequest(api, Buffer.from(JSON.stringify(body)));

test('of images their size, quality and number; never the prompt', () => {
  const body = { model: 'dall-e-3', prompt: 'A cat', size: '1792x1024', quality: 'hd', n: 2 };
  expect(read('images.generations', body)).toEqual({ size: '1792x1024', quality: 'hd', n: 2 });
  expect(read('images.generations', { prompt: 'A cat' })).toBeUndefined();
});

test('of speech the number of characters that are spoken', () => {
  expect(read('audio.speech', { input: 'Grüße "🙂"\n', model: 'tts-1' })).toEqual({
    input_characters: 10,
  });
});

test('nothing of APIs whose answers say it all, and of values that are none', () => {
  expect(read('chat.completions', { n: 3, size: 'x' })).toBeUndefined();
  expect(read('images.generations', { n: 'many', size: 7, quality: 'a\nb' })).toBeUndefined();
  expect(pricedRequest('audio.speech', Buffer.from('no JSON'))).toBeUndefined();
});

test('forms say the same', () => {
  expect(
    pricedForm(
      new Map([
        ['model', 'dall-e-2'],
        ['size', '512x512'],
        ['n', '3'],
      ]),
    ),
  ).toEqual({
    size: '512x512',
    n: 3,
  });
  expect(pricedForm(new Map([['model', 'whisper-1']]))).toBeUndefined();
});
