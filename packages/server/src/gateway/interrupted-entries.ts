import { interruptedEntry, type Entry, type OpenedLine, type Price } from '@farthing/core';
import { findProvider, type Provider } from './providers.js';

/**
 * Books the calls during which a gateway died, at their estimate. They became known at their recovery.
 */
export function interruptedEntries(
  price: Price,
  providers: ReadonlyMap<string, Provider>,
): (opened: OpenedLine) => Entry {
  return (opened) => {
    const { priceAs, context } = findProvider(providers, opened.provider) ?? {};
    const facts = { ...(priceAs ? { priceAs } : {}), context };
    return interruptedEntry(opened, price, facts, new Date().toISOString());
  };
}
