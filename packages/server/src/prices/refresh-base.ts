import { diffLayers, FarthingError, type BaseRefresh } from '@farthing/core';
import {
  baseLayer,
  checkBase,
  convertGenaiPrices,
  guardPrices,
  readGenaiPrices,
  type BaseEdition,
} from '@farthing/core/prices';
import { currentBase, rollBackBase, writeBase } from './base-file.js';
import { hashOf, shortHash } from './content.js';
import { fetchContent } from './fetch-content.js';
import { locationOf, type Location } from './location.js';
import type { PriceDirectory } from './price-directory.js';
import { rulesOf } from './price-source.js';
import { messageOf, sourceProblem } from './problem.js';
import { readFileContent } from './read-file-content.js';

/** A list of published models does not lose a fifth of them at once. */
const largestLoss = 0.2;
const fetchMilliseconds = 30_000;

export interface BaseRefreshOptions {
  directory: PriceDirectory;
  /** A path or a URL with the data of genai-prices. */
  from: string;
  dryRun: boolean;
  /** Write it although the guard found something. */
  accept: boolean;
  by: string;
  now: Date;
}

/**
 * Replaces the base price list: fetch, check, compare, write in one step. Anything wrong leaves the
 * last good one in use and rejects with `price_source` or `price_list_invalid`; what is merely
 * suspicious is `refused` until a person accepts it.
 */
export async function refreshBase(options: BaseRefreshOptions): Promise<BaseRefresh> {
  const { directory, dryRun, accept, by, now } = options;
  const location = locationOf(options.from, process.cwd());
  const { edition, warnings } = await readPublished(location, now);
  const before = currentBase(directory);
  const [old, fresh] = [baseLayer(before), baseLayer(edition)];
  const findings = guardPrices(rulesOf(old), rulesOf(fresh), { largestLoss });
  const result: BaseRefresh = {
    outcome: 'would_write',
    from: location.name,
    book_before: before.book,
    book_after: edition.book,
    models: edition.models.length,
    changes: diffLayers([old], [fresh]),
    findings,
    warnings,
  };
  if (identityOf(before) === identityOf(edition)) return { ...result, outcome: 'unchanged' };
  if (findings.length > 0 && !accept) return { ...result, outcome: 'refused' };
  if (dryRun) return result;
  writeBase(directory, {
    ...edition,
    source: location.name,
    refreshed_at: now.toISOString(),
    refreshed_by: by,
    accepted: findings,
  });
  return { ...result, outcome: 'written' };
}

/** Goes back to the base before the last refresh. Throws `nothing_to_roll_back`. */
export function undoBaseRefresh(directory: PriceDirectory): BaseRefresh {
  const before = currentBase(directory);
  rollBackBase(directory);
  const after = currentBase(directory);
  return {
    outcome: 'rolled_back',
    from: directory.previousBase,
    book_before: before.book,
    book_after: after.book,
    models: after.models.length,
    changes: diffLayers([baseLayer(before)], [baseLayer(after)]),
    findings: [],
    warnings: [],
  };
}

/** Reads a published list and names its edition by day and content. */
export async function readPublished(
  location: Location,
  now: Date,
): Promise<{ edition: BaseEdition; warnings: string[] }> {
  try {
    return convert(await textOf(location), now);
  } catch (error) {
    if (!FarthingError.isInstance(error)) throw error;
    const { code, message } = error as FarthingError;
    const sentence = /[.?]$/.test(message) ? message : `${message}.`;
    throw new FarthingError(code, `${location.name}: ${sentence}`, { cause: error });
  }
}

async function textOf({ kind, target }: Location): Promise<string> {
  const content =
    kind === 'url'
      ? await fetchContent(target, { timeoutMilliseconds: fetchMilliseconds })
      : await readFileContent(target);
  if (content === null) throw sourceProblem('there is no such file');
  return content.text;
}

function convert(text: string, now: Date): { edition: BaseEdition; warnings: string[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw sourceProblem(`it is not JSON: ${messageOf(error)}`, error);
  }
  const { models, fallbacks, warnings } = convertGenaiPrices(readGenaiPrices(value));
  const problems = checkBase(models);
  if (problems.length > 0) {
    const shown = problems.slice(0, 20).join('; ');
    const rest = problems.length > 20 ? `; and ${problems.length - 20} more` : '';
    throw new FarthingError('price_list_invalid', `the prices cannot be right: ${shown}${rest}`);
  }
  const day = now.toISOString().slice(0, 10);
  const hash = shortHash(hashOf(identityOf({ fallbacks, models })));
  return { edition: { book: `genai-prices@${day}.${hash}`, fallbacks, models }, warnings };
}

/** What an edition says, whatever its name and the order in which it was published. */
function identityOf({ fallbacks, models }: Pick<BaseEdition, 'fallbacks' | 'models'>): string {
  const lines = models.map((model) => JSON.stringify(model)).toSorted();
  const others = Object.entries(fallbacks).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return [JSON.stringify(others), ...lines].join('\n');
}
