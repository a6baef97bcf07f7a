import type { BilledKind } from './billing.js';
import type { ProviderName } from './books.js';

/** What `per` units of a kind cost, in USD. */
export interface UnitRate {
  usd: string;
  per: number;
}

/** A model that is not, or not only, billed by tokens of text. */
export interface UnitListing {
  provider: ProviderName;
  model: string;
  rates: { readonly [kind in BilledKind]?: UnitRate };
  /** USD per image, by size and quality; for models that are billed by the piece. */
  images?: Readonly<Record<string, string>>;
}

const perMillion = (usd: string): UnitRate => ({ usd, per: 1_000_000 });
const openai = (model: string, listing: Omit<UnitListing, 'provider' | 'model'>): UnitListing => ({
  provider: 'openai',
  model,
  ...listing,
});

const transcription = (input: string, audio: string, output: string) => ({
  rates: {
    input_uncached: perMillion(input),
    input_audio: perMillion(audio),
    output: perMillion(output),
  },
});
const gptImage = (input: string, image: string, output: string) => ({
  rates: {
    input_uncached: perMillion(input),
    input_image: perMillion(image),
    output_image: perMillion(output),
  },
});

/**
 * What this provider charges for images, sound, moderation and search: OpenAI's and Cohere's price
 * lists as of autumn 2026, typed here a second time on purpose, like the rate card of the text models.
 */
export const unitRates: readonly UnitListing[] = [
  openai('gpt-3.5-turbo-instruct', {
    rates: { input_uncached: perMillion('1.5'), output: perMillion('2') },
  }),
  openai('gpt-image-1', gptImage('5', '10', '40')),
  openai('gpt-image-1-mini', gptImage('2', '2.5', '8')),
  openai('dall-e-3', {
    rates: {},
    images: {
      '1024x1024 standard': '0.04',
      '1024x1792 standard': '0.08',
      '1792x1024 standard': '0.08',
      '1024x1024 hd': '0.08',
      '1024x1792 hd': '0.12',
      '1792x1024 hd': '0.12',
    },
  }),
  openai('dall-e-2', {
    rates: {},
    images: {
      '256x256 standard': '0.016',
      '512x512 standard': '0.018',
      '1024x1024 standard': '0.02',
    },
  }),
  openai('whisper-1', { rates: { audio_seconds: { usd: '0.006', per: 60 } } }),
  openai('gpt-4o-transcribe', transcription('2.5', '6', '10')),
  openai('gpt-4o-mini-transcribe', transcription('1.25', '3', '5')),
  openai('tts-1', { rates: { input_characters: perMillion('15') } }),
  openai('tts-1-hd', { rates: { input_characters: perMillion('30') } }),
  openai('gpt-4o-mini-tts', {
    rates: { input_uncached: perMillion('0.6'), output_audio: perMillion('12') },
  }),
  // Moderation is free, which is a price.
  openai('omni-moderation-latest', { rates: {} }),
  { provider: 'cohere', model: 'rerank-v3.5', rates: { search_units: { usd: '2', per: 1_000 } } },
];

export function unitListingOf(provider: ProviderName, model: string): UnitListing | undefined {
  return unitRates.find((listing) => listing.provider === provider && listing.model === model);
}
