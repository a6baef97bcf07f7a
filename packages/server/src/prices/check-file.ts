import { basename } from 'node:path';
import { FarthingError, readPriceFile, type PriceBook, type PriceFileCheck } from '@farthing/core';
import { checkBase, convertGenaiPrices, readGenaiPrices } from '@farthing/core/prices';
import { fetchContent } from './fetch-content.js';
import { mistypedProviders } from './known-providers.js';
import type { Location } from './location.js';
import { parsePriceText } from './parse-price-text.js';
import { messageOf, sourceProblem } from './problem.js';
import { readFileContent } from './read-file-content.js';

/**
 * Validates a file of prices as a start would, with everything that is wrong at once. The published
 * list that `farthing prices refresh` takes is understood too.
 */
export async function checkPriceFile(
  location: Location,
  known: PriceBook,
  providers: readonly string[],
  timeoutMilliseconds: number,
): Promise<PriceFileCheck> {
  const check: PriceFileCheck = {
    file: location.name,
    ok: false,
    format: null,
    rows: 0,
    tools: 0,
    notes: [],
    problems: [],
  };
  try {
    const value = parsePriceText(await textOf(location, timeoutMilliseconds));
    if (isPublishedList(value)) return checkPublished(value, check);
    const name = basename(
      location.kind === 'url' ? new URL(location.name).pathname : location.name,
    );
    const { format, rules, tools, notes } = readPriceFile(value, name, known);
    const mistyped = mistypedProviders(
      rules.map(({ provider }) => provider),
      providers,
    );
    return {
      ...check,
      ok: true,
      format,
      rows: rules.length,
      tools: tools.length,
      notes: [...notes, ...mistyped],
    };
  } catch (error) {
    if (!FarthingError.isInstance(error)) throw error;
    return { ...check, problems: problemsOf(messageOf(error)) };
  }
}

async function textOf({ kind, target }: Location, timeoutMilliseconds: number): Promise<string> {
  const content =
    kind === 'url'
      ? await fetchContent(target, { timeoutMilliseconds })
      : await readFileContent(target);
  if (content === null) throw sourceProblem('there is no such file');
  return content.text;
}

/** A list of providers with models, where a list of own prices has rows. */
export function isPublishedList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.some((item) => Array.isArray((item as { models?: unknown } | null)?.models))
  );
}

function checkPublished(value: unknown, check: PriceFileCheck): PriceFileCheck {
  const { models, warnings } = convertGenaiPrices(readGenaiPrices(value));
  const problems = checkBase(models);
  const rows = models.reduce((sum, model) => sum + model.rows.length, 0);
  return {
    ...check,
    ok: problems.length === 0,
    format: 'genai-prices',
    rows,
    notes: warnings,
    problems,
  };
}

/** The readers write a list for people; a program wants each problem on its own. */
export function problemsOf(message: string): string[] {
  const [head = '', ...items] = message.split('\n- ');
  return items.length === 0 ? [head] : items;
}
