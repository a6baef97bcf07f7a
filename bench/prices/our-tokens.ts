import type { BilledUnits, TokenBuckets, TokenDetails } from '@farthing/core';
import type { Call } from './call.js';
import type { Outcome } from './target.js';

/** Tokens of one model inside one call. Nearly every call has one part; advisor calls have two. */
export interface Part {
  model: string;
  tokens: TokenBuckets;
  details: TokenDetails;
  units: BilledUnits;
}

/**
 * Farthing's tokens of a call, for packages that multiply but do not read. Prices of the
 * user's own are left out: they test a price file, not a price list.
 */
export function partsOf({ case: entry, reading, model }: Call): Part[] | { notApplicable: string } {
  if (entry.context?.override !== undefined) return { notApplicable: 'a price of the user’s own' };
  if (reading.status !== 'ok') return { notApplicable: 'no tokens to be fed with' };
  const { tokens, details, units, nested = [] } = reading.usage;
  return [
    { model: model ?? entry.model, tokens, details, units },
    ...nested.map((part) => ({ ...part, details: {}, units: {} })),
  ];
}

type Figure = number | null | undefined;

/** A package's figure for one part under one name of its model; none where it does not know the name. */
export type PricePart = (part: Part) => Figure | Promise<Figure>;

/** Prices each part and adds them up; one part without a figure leaves the call without one. */
export async function priceParts(call: Call, price: PricePart): Promise<Outcome> {
  const parts = partsOf(call);
  if ('notApplicable' in parts) return parts;
  let usd = 0;
  for (const part of parts) {
    const figure = await priceUnderAnyName(part, price);
    if (figure === null || figure === undefined) return { usd: null };
    usd += figure;
  }
  return { usd };
}

/** Like {@link priceParts}, for packages that know tokens only: pages, seconds and the like are not theirs. */
export async function priceTokenParts(call: Call, price: PricePart): Promise<Outcome> {
  const { reading } = call;
  if (reading.status === 'ok' && reading.usage.nested === undefined) {
    const { tokens, units } = reading.usage;
    const count = Object.values(tokens).reduce((sum, value) => sum + value, 0);
    if (count === 0 && Object.keys(units).length > 0) {
      return { notApplicable: `billed by ${Object.keys(units).join(', ')}` };
    }
  }
  return priceParts(call, price);
}

/** Some packages say by an error that they do not know a name. The last one's error stands. */
async function priceUnderAnyName(part: Part, price: PricePart): Promise<Figure> {
  const names = namesOf(part.model);
  for (const [index, model] of names.entries()) {
    try {
      const figure = await price({ ...part, model });
      if (figure !== null && figure !== undefined) return figure;
    } catch (error) {
      if (index === names.length - 1) throw error;
    }
  }
  return null;
}

/**
 * Help with names, so that nobody loses for spelling: as the provider has it, then without the
 * provider in front, then without the date behind. Regions stay, since they change the price.
 */
function namesOf(model: string): string[] {
  const bare = model.split('/').at(-1) ?? model;
  const undated = bare.replace(/[-@]20\d\d-?\d\d-?\d\d$/, '');
  return [...new Set([model, bare, undated])];
}
