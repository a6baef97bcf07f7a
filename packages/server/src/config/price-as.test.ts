import { expect, test } from 'vitest';
import { priceAs } from './price-as.js';
import { configSchema } from './schema.js';

test('entries name the provider, and the configuration whose prices hold for it', () => {
  const base_url = 'https://example.com';
  const { providers } = configSchema.parse({
    providers: {
      'azure-eu': { base_url, price_as: 'azure' },
      groq: { base_url },
      gemini: { base_url, api: 'gemini', price_as: 'google-vertex' },
    },
  });
  const find = priceAs({ providers });
  expect(find('azure-eu')).toBe('azure');
  expect(find('groq')).toBe('groq');
  // Calls through the prefix `gemini` are booked as Google's.
  expect(find('google')).toBe('google-vertex');
  expect(find('openai')).toBe('openai');
});
