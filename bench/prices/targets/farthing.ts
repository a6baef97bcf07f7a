import { ruleLayer, readOverride } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { billedTokens, type Target } from '../target.js';

const list = defaultPriceBook();

/** `readUsage` and `PriceBook.price`, as the gateway and the importers call them. */
export const farthing: Target = {
  name: 'Farthing',
  version: 'this checkout',
  fed: 'payload',
  price({ case: entry, reading, model }) {
    const { provider, api, date: at, context } = entry;
    const subject = { provider, model: entry.model };
    const book =
      context?.override === undefined
        ? list
        : defaultPriceBook([
            ruleLayer('override', 'context', readOverride(context.override, subject)),
          ]);
    const facts = context === undefined ? {} : { context };
    const { usd } = book.price({ provider, api, model, at, reading, ...facts });
    return { usd, tokens: reading.status === 'ok' ? billedTokens(reading.usage.tokens) : null };
  },
};
