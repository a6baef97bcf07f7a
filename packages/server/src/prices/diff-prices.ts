import {
  diffLayers,
  FarthingError,
  PriceBook,
  type PriceDifference,
  type PriceLayer,
} from '@farthing/core';
import { baseLayer, bundledEdition } from '@farthing/core/prices';
import { isPublishedList } from './check-file.js';
import { hashOf, shortHash, type Content } from './content.js';
import { fetchContent } from './fetch-content.js';
import type { LivePrices } from './live-prices.js';
import type { Location } from './location.js';
import { parsePriceFile } from './parse-price-file.js';
import { parsePriceText } from './parse-price-text.js';
import { messageOf, sourceProblem } from './problem.js';
import { readFileContent } from './read-file-content.js';
import { readPublished } from './refresh-base.js';

/** Two price books side by side: the one in use, and what it would be. */
export interface ComparedBooks {
  difference: PriceDifference;
  before: PriceBook;
  after: PriceBook;
}

/**
 * What would change if a published list, the bundled one (`bundled`), or a file of own prices came into
 * use. An own file goes over the present book, in place of one of the same name.
 */
export async function differenceTo(
  live: LivePrices,
  location: Location | 'bundled',
  options: { timeoutMilliseconds: number; now: Date },
): Promise<ComparedBooks> {
  const before = [...live.layers];
  const after =
    location === 'bundled'
      ? withBase(before, baseLayer(bundledEdition()))
      : await withFile(live, before, location, options);
  const name = (layers: readonly PriceLayer[]) => layers.map(({ book }) => book).join(' + ');
  return {
    difference: {
      from: location === 'bundled' ? 'the bundled prices' : location.name,
      book_before: name(before),
      book_after: name(after),
      changes: diffLayers(before, after),
    },
    before: live.book,
    after: new PriceBook(after, live.bookOptions),
  };
}

async function withFile(
  live: LivePrices,
  layers: readonly PriceLayer[],
  location: Location,
  { timeoutMilliseconds, now }: { timeoutMilliseconds: number; now: Date },
): Promise<PriceLayer[]> {
  const content =
    location.kind === 'url'
      ? await fetchNamed(location, timeoutMilliseconds)
      : await readFileContent(location.target);
  if (content === null) throw sourceProblem(`${location.name}: there is no such file`);
  const value = parsePriceText(content.text);
  if (isPublishedList(value)) {
    return withBase(layers, baseLayer((await readPublished(location, now)).edition));
  }
  const edition = shortHash(hashOf(content.text));
  const { layer } = parsePriceFile(content.text, location, edition, live.book);
  const configured = live.sources.find((open) => open.location?.id === location.id)?.source.layer;
  if (configured != null) return layers.map((one) => (one === configured ? layer : one));
  return [...layers, layer];
}

async function fetchNamed(
  { target, name }: Location,
  timeoutMilliseconds: number,
): Promise<Content | null> {
  try {
    return await fetchContent(target, { timeoutMilliseconds });
  } catch (error) {
    if (!FarthingError.isInstance(error)) throw error;
    throw sourceProblem(
      `The prices at ${name} cannot be read: ${messageOf(error)}. Without internet, compare with a file: --from newer.json, or with --bundled.`,
      error,
    );
  }
}

/** The base is the lowest layer. */
function withBase(layers: readonly PriceLayer[], base: PriceLayer): PriceLayer[] {
  return [base, ...layers.slice(1)];
}
