import { basename } from 'node:path';
import {
  readPriceFile,
  ruleLayer,
  type PriceBook,
  type PriceFile,
  type PriceLayer,
} from '@farthing/core';
import type { Location } from './location.js';
import { parsePriceText } from './parse-price-text.js';
import type { ParsedPrices } from './price-source.js';
import { isReadApart, readApart } from './read-large-file.js';

/**
 * Reads the text of a price file as a layer over the published prices. Its edition goes into the name,
 * so that every priced call tells which content of the file it was priced by.
 * @throws FarthingError `price_source`, `invalid_prices` with every problem.
 */
export function parsePriceFile(
  text: string,
  location: Location,
  edition: string,
  known: PriceBook | undefined,
): ParsedPrices {
  const name = shortName(location);
  return layerOf(readPriceFile(parsePriceText(text), name, known), name, edition);
}

/**
 * The same in a thread of its own; undefined where the text is so short that it is not worth one.
 * @param others the layers whose models `same_as` may name.
 */
export function parsePriceFileApart(
  text: string,
  location: Location,
  edition: string,
  others: readonly PriceLayer[],
): Promise<ParsedPrices> | undefined {
  if (!isReadApart(text)) return undefined;
  const name = shortName(location);
  return readApart(text, name, others).then((file) => layerOf(file, name, edition));
}

function shortName({ kind, name }: Location): string {
  return basename(kind === 'url' ? new URL(name).pathname : name);
}

function layerOf({ rules, tools, notes }: PriceFile, name: string, edition: string): ParsedPrices {
  return { layer: ruleLayer('override', `${name}@${edition}`, rules, tools), notes };
}
