import type { Config } from './schema.js';

/** Path prefixes whose calls stand under another name in entries, where it is the vendor's. */
const vendors: ReadonlyMap<string, string> = new Map([['gemini', 'google']]);

/** The name under which the calls of a configured provider are booked. */
export function nameInEntries(prefix: string): string {
  return vendors.get(prefix) ?? prefix;
}

/**
 * Finds whose prices hold for the provider that an entry names: its `price_as`, or itself. What prices
 * entries again asks here, so that it prices as the gateway did.
 */
export function priceAs(config: Pick<Config, 'providers'>): (provider: string) => string {
  const others = new Map<string, string>();
  for (const [prefix, { price_as }] of Object.entries(config.providers)) {
    if (price_as !== undefined) others.set(nameInEntries(prefix), price_as);
  }
  return (provider) => others.get(provider) ?? provider;
}
