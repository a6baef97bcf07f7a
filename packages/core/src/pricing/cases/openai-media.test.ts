import { describe } from 'vitest';
import { testPrices } from './price-case.js';

describe('OpenAI audio, images and the rest', () => {
  const answered = (id: string, text: number, audio: number, out: number) => ({
    type: 'response.done',
    response: {
      id,
      usage: {
        total_tokens: text + audio + out,
        input_tokens: text + audio,
        input_token_details: { text_tokens: text, audio_tokens: audio, cached_tokens: 0 },
        output_tokens: out,
        output_token_details: { text_tokens: 0, audio_tokens: out },
      },
    },
  });
  testPrices([
    // two answers: 300 × 4 + 700 × 32 + 150 × 64; the second arrives twice
    {
      name: 'a realtime session adds its answers up, each once',
      provider: 'openai',
      model: 'gpt-realtime',
      api: 'realtime',
      at: '2025-11-01T00:00:00Z',
      answer: {
        events: [
          { type: 'session.created' },
          answered('resp_1', 100, 200, 50),
          {
            type: 'conversation.item.input_audio_transcription.completed',
            item_id: 'item_1',
            usage: { type: 'duration', seconds: 3 },
          },
          answered('resp_2', 200, 500, 100),
          answered('resp_2', 200, 500, 100),
        ],
      },
      usd: '0.0332',
      counts: { input_uncached: 1000, input_audio: 700, output: 150, output_audio: 150 },
    },
    // 90 seconds at 0.36 an hour
    {
      name: 'a realtime transcription by the second',
      provider: 'openai',
      model: 'whisper-1',
      api: 'realtime',
      at: '2025-11-01T00:00:00Z',
      answer: {
        type: 'conversation.item.input_audio_transcription.completed',
        usage: { type: 'duration', seconds: 90 },
      },
      usd: '0.009',
      counts: { audio_seconds: 90 },
    },
    // 14 × 1.25 + 1000 × 3 + 101 × 5
    {
      name: 'a transcription by tokens, streamed',
      provider: 'openai',
      model: 'gpt-4o-mini-transcribe',
      api: 'audio.transcriptions.stream',
      at: '2025-10-01T00:00:00Z',
      answer: {
        events: [
          { type: 'transcript.text.delta', delta: 'x' },
          {
            type: 'transcript.text.done',
            usage: {
              type: 'tokens',
              input_tokens: 1014,
              input_token_details: { text_tokens: 14, audio_tokens: 1000 },
              output_tokens: 101,
              total_tokens: 1115,
            },
          },
        ],
      },
      usd: '0.0035225',
    },
    // 20 × 0.6 + 500 × 12
    {
      name: 'speech by tokens, from the last event of its stream',
      provider: 'openai',
      model: 'gpt-4o-mini-tts',
      api: 'audio.speech.stream',
      at: '2025-10-01T00:00:00Z',
      answer: {
        events: [
          { type: 'speech.audio.delta', audio: 'x' },
          {
            type: 'speech.audio.done',
            usage: { input_tokens: 20, output_tokens: 500, total_tokens: 520 },
          },
        ],
      },
      usd: '0.006012',
    },
    // 4096 characters × 30
    {
      name: 'speech by characters',
      provider: 'openai',
      model: 'tts-1-hd',
      api: 'audio.speech',
      at: '2025-03-01T00:00:00Z',
      context: { request: { input_characters: 4096 } },
      answer: {},
      usd: '0.12288',
    },
    {
      name: 'speech of unknown length',
      provider: 'openai',
      model: 'tts-1',
      api: 'audio.speech',
      at: '2025-03-01T00:00:00Z',
      answer: {},
      usd: null,
      status: 'no_usage',
    },
    // 30 × 5 + 320 × 10 + 4160 × 40
    {
      name: 'an image edit',
      provider: 'openai',
      model: 'gpt-image-1',
      api: 'images.edits',
      at: '2025-08-01T00:00:00Z',
      answer: {
        usage: {
          input_tokens: 350,
          input_tokens_details: { text_tokens: 30, image_tokens: 320 },
          output_tokens: 4160,
          total_tokens: 4510,
        },
      },
      usd: '0.16975',
      counts: { input_image: 320, output_image: 4160 },
    },
    // three at 0.018
    {
      name: 'DALL·E 2 by size and number',
      provider: 'openai',
      model: 'dall-e-2',
      api: 'images',
      at: '2025-03-01T00:00:00Z',
      context: { request: { size: '512x512', n: 3 } },
      answer: { data: [{}, {}, {}] },
      usd: '0.054',
    },
    // two at 0.08
    {
      name: 'DALL·E 3 in landscape, at the quality that it has without asking',
      provider: 'openai',
      model: 'dall-e-3',
      api: 'images.generations',
      at: '2025-03-01T00:00:00Z',
      context: { request: { size: '1792x1024' } },
      answer: { data: [{}, {}] },
      usd: '0.16',
    },
    {
      name: 'moderation is free',
      provider: 'openai',
      model: 'text-moderation-007',
      api: 'moderations',
      at: '2025-03-01T00:00:00Z',
      answer: { results: [] },
      usd: '0',
    },
    // 5000 × 0.13 / 2
    {
      name: 'a batch of embeddings',
      provider: 'openai',
      model: 'text-embedding-3-large',
      api: 'batch.embeddings',
      at: '2025-03-01T00:00:00Z',
      answer: {
        custom_id: 'e',
        response: {
          status_code: 200,
          body: { usage: { prompt_tokens: 5000, total_tokens: 5000 } },
        },
      },
      usd: '0.000325',
    },
  ]);
});
