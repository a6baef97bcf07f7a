import type { PriceRule, Rates } from '../price-rows.js';

const page = 'https://platform.openai.com/docs/pricing';
const provider = 'openai';

const list = (model: string, rates: Rates, aliases?: readonly string[]): PriceRule => ({
  provider,
  model,
  ...(aliases === undefined ? {} : { aliases }),
  rates,
  source: page,
});

const image = (model: string, quality: string, size: string, images: string): PriceRule => ({
  provider,
  model,
  when: { quality, size },
  rates: { images },
  source: page,
});

/** Regional processing costs more for models released on or after 2026-03-05; older ones cost the same. */
const withRegionalPremium = [
  'gpt-5.4*',
  'gpt-5.5*',
  'gpt-5.6*',
  'gpt-6*',
  'gpt-chat-latest',
  'gpt-image-2',
  'gpt-realtime-2',
];

const withoutReasoning = ['gpt-4o', 'gpt-4o-2024-05-13', 'gpt-4o-mini', 'gpt-4.1', 'gpt-4.1-mini'];

/** What GPT-6.1 charges above 272,000 input tokens: twice the input, one and a half times the output. */
const longContext = (model: string, rates: Rates): PriceRule => ({
  ...list(model, rates),
  threshold: { op: 'gt', tokens: 272_000 },
});

/** Prices that the base lacks: audio, images, speech, moderation, fine-tuned and few other models. */
export const openaiRules: readonly PriceRule[] = [
  {
    provider,
    model: 'o3',
    to: '2025-06-10T00:00:00Z',
    rates: { cache_read: '2.5' },
    source: `${page} (before the cut of 2025-06-10; the base lists the later rate)`,
  },
  list('gpt-6.1-sol', { input: '2', cache_read: '0.1', cache_write: '2.5', output: '10' }),
  longContext('gpt-6.1-sol', { input: '4', cache_read: '0.2', cache_write: '5', output: '15' }),
  list('gpt-6.1-terra', { input: '1', cache_read: '0.05', cache_write: '1.25', output: '5' }),
  longContext('gpt-6.1-terra', {
    input: '2',
    cache_read: '0.1',
    cache_write: '2.5',
    output: '7.5',
  }),
  list('gpt-3.5-turbo-instruct', {}, ['gpt-3.5-turbo-instruct:20230824-v2']),
  list('gpt-4o-latest', { input: '2.5', cache_read: '1.25', output: '10' }),
  list('moderation', { input: '0', output: '0', requests: '0' }, ['text-moderation-004']),
  list('gpt-4o-audio-preview', { input_audio: '40', output_audio: '80' }),
  list('gpt-4o-audio-preview-2024-10-01', {
    input: '2.5',
    output: '10',
    input_audio: '100',
    output_audio: '200',
  }),
  list('gpt-4o-mini-audio-preview', { input_audio: '10', output_audio: '20' }),
  list('o3-deep-research', { web_searches: '10' }),
  list('o4-mini-deep-research', { web_searches: '10' }),
  list('gpt-5-search-api', {
    input: '1.25',
    cache_read: '0.125',
    output: '10',
    web_searches: '10',
  }),
  list('codex-auto-review', { input: '2.5', output: '15' }),
  list('davinci-002', { input: '2', output: '2' }),
  list('babbage-002', { input: '0.4', output: '0.4' }),
  list('ft:davinci-002', { input: '12', output: '12' }),
  list('ft:babbage-002', { input: '1.6', output: '1.6' }),
  list('ft:gpt-4.1', { input: '3', cache_read: '0.75', output: '12' }),
  list('ft:gpt-4.1-mini', { input: '0.8', cache_read: '0.2', output: '3.2' }),
  list('ft:gpt-4.1-nano', { input: '0.2', cache_read: '0.05', output: '0.8' }),
  list('ft:gpt-4o', { cache_read: '1.875' }),
  list('ft:gpt-4o-mini', { cache_read: '0.15' }),
  list('ft:o4-mini', { input: '4', cache_read: '1', output: '16' }),
  list('chatgpt-image-latest', {
    input: '5',
    cache_read: '1.25',
    input_image: '10',
    output: '40',
  }),
  list('gpt-realtime-whisper', { audio_seconds: '1.02' }),
  list('tts-1', { input_characters: '15' }, ['tts-1-1106']),
  list('tts-1-hd', { input_characters: '30' }, ['tts-1-hd-1106']),
  list('dall-e-3', {}),
  image('dall-e-3', 'standard', '1024x1024', '0.04'),
  image('dall-e-3', 'standard', '1024x1792', '0.08'),
  image('dall-e-3', 'standard', '1792x1024', '0.08'),
  image('dall-e-3', 'hd', '1024x1024', '0.08'),
  image('dall-e-3', 'hd', '1024x1792', '0.12'),
  image('dall-e-3', 'hd', '1792x1024', '0.12'),
  list('dall-e-2', {}),
  image('dall-e-2', 'standard', '256x256', '0.016'),
  image('dall-e-2', 'standard', '512x512', '0.018'),
  image('dall-e-2', 'standard', '1024x1024', '0.02'),
  {
    provider,
    model: '*',
    rates: { web_searches: '10', file_searches: '2.5', code_interpreter_sessions: '0.03' },
    source: `${page} (web and file search per 1,000 calls; a container of 1 GB)`,
  },
  ...withoutReasoning.map((model): PriceRule => ({
    provider,
    model,
    when: { search_tool: 'preview' },
    rates: { web_searches: '25' },
    source: `${page} (web search preview with non-reasoning models; what was found is free)`,
  })),
  ...withRegionalPremium.map((model): PriceRule => ({
    provider,
    model,
    when: { scope: 'regional' },
    multiply: { tokens: '1.1' },
    source:
      'https://developers.openai.com/api/docs/guides/data-residency (+ 10 % for models released on or after 2026-03-05)',
  })),
];
