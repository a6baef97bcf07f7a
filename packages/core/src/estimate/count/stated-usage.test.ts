import { expect, test } from 'vitest';
import { statedModel, statedUsage, type StatedRequest } from './stated-usage.js';

const stated = (request: Partial<StatedRequest>) =>
  statedUsage({
    api: 'images.generations',
    provider: 'openai',
    model: 'gpt-image-1',
    facts: undefined,
    textBytes: 0,
    fileBytes: null,
    documents: 0,
    pages: null,
    ...request,
  });

/** The table of OpenAI's guide to image generation, "Cost and latency". */
test.each([
  ['low', '1024x1024', 272],
  ['low', '1024x1536', 408],
  ['medium', '1024x1024', 1_056],
  ['medium', '1024x1536', 1_584],
  ['high', '1024x1024', 4_160],
  ['high', '1024x1536', 6_240],
  // What the model may choose is held for the dearest.
  ['auto', 'auto', 6_240],
] as const)('an image of %s quality in %s takes %i tokens', (quality, size, tokens) => {
  const usage = stated({ facts: { quality, size, n: 2 }, textBytes: 400 })!;
  expect(usage.tokens).toMatchObject({ input_uncached: 100, output: 2 * tokens });
  expect(usage.details.output_image).toBe(2 * tokens);
  expect(usage.estimated).toBe(true);
});

test('images of other models are counted by the piece', () => {
  expect(stated({ model: 'dall-e-3', facts: { n: 3 } })!.units).toEqual({ images: 3 });
  expect(stated({ model: 'imagen-4.0-generate-001' })!.units).toEqual({ images: 1 });
  expect(stated({ model: null })).toBeNull();
});

test('speech: characters, or the sound that they come to', () => {
  const speech = { api: 'audio.speech', facts: { input_characters: 1_500 } };
  expect(stated({ ...speech, model: 'tts-1' })!.units).toEqual({ input_characters: 1_500 });
  expect(stated({ ...speech, model: 'gpt-4o-mini-tts' })!.details).toEqual({ output_audio: 2_000 });
  expect(stated({ ...speech, facts: {} })).toBeNull();
});

test('transcription: the most that a file of its size can hold as speech', () => {
  const file = { api: 'audio.transcriptions', fileBytes: 240_000 };
  expect(stated({ ...file, model: 'whisper-1' })!.units).toEqual({ audio_seconds: 60 });
  expect(stated({ ...file, model: 'gpt-4o-transcribe' })!.tokens).toMatchObject({
    input_uncached: 600,
    output: 240,
  });
  expect(stated({ ...file, fileBytes: null })).toBeNull();
});

test('documents: searches of a hundred, long ones as several; pages; what is moderated', () => {
  const rerank = { api: 'rerank.v2', provider: 'cohere', model: 'rerank-v3.5' };
  expect(stated({ ...rerank, documents: 100 })!.units).toEqual({ search_units: 1 });
  expect(stated({ ...rerank, documents: 101 })!.units).toEqual({ search_units: 2 });
  expect(stated({ ...rerank, documents: 1, textBytes: 400_000 })!.units).toEqual({
    search_units: 3,
  });
  const ocr = { api: 'ocr', provider: 'mistral', model: 'mistral-ocr-latest' };
  expect(stated({ ...ocr, pages: 4 })!.units).toEqual({ pages: 4 });
  expect(stated(ocr)).toBeNull();
  expect(stated({ api: 'moderations' })!.units).toEqual({ requests: 1 });
  expect(stated({ api: 'moderations', provider: 'mistral', textBytes: 40 })!.tokens).toMatchObject({
    input_uncached: 10,
  });
  expect(stated({ api: 'chat.completions' })).toBeNull();
});

test('where a model need not be named, or is not known yet, one of its kind stands for it', () => {
  const of = (api: string, provider: string, model: string | null = null) =>
    statedModel({
      api,
      provider,
      model,
      facts: undefined,
      textBytes: 0,
      fileBytes: 0,
      documents: 0,
      pages: null,
    });
  expect(of('audio.transcriptions', 'openai')).toBe('whisper-1');
  expect(of('audio.transcriptions', 'groq')).toBeNull();
  expect(of('audio.transcriptions', 'groq', 'whisper-large-v3')).toBe('whisper-large-v3');
  expect(of('moderations', 'openai')).toBe('omni-moderation-latest');
  expect(of('images.generations', 'openai')).toBeNull();
});
