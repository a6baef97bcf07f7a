import { basename } from 'node:path';
import { readPriceFile, ruleLayer, type PriceBook } from '@farthing/core';
import type { Location } from './location.js';
import { parsePriceText } from './parse-price-text.js';
import type { ParsedPrices } from './price-source.js';

/**
 * Reads the text of a price file as a layer over the published prices. Its edition goes into the name,
 * so that every priced call tells which content of the file it was priced by.
 * @throws FarthingError `price_source`, `invalid_prices` with every problem.
 */
export function parsePriceFile(
  text: string,
  { kind, name }: Location,
  edition: string,
  known: PriceBook,
): ParsedPrices {
  const short = basename(kind === 'url' ? new URL(name).pathname : name);
  const { rules, tools, notes } = readPriceFile(parsePriceText(text), short, known);
  return { layer: ruleLayer('override', `${short}@${edition}`, rules, tools), notes };
}
