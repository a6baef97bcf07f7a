import { FarthingError } from '../errors.js';
import { didYouMean } from '../suggest.js';
import { tagNames } from '../tags.js';
import {
  bucketSizes,
  callDimensions,
  measures,
  type BucketSize,
  type Dimension,
  type Filter,
  type Measure,
} from './query.js';

/** Every dimension that has a name of its own; custom tags come on top as `tag:<key>`. */
export const dimensionNames = [...tagNames, ...callDimensions] as const;

/** The same names that tags.ts accepts for a custom tag. */
const customTag = /^tag:[a-z0-9][a-z0-9_.:/-]{0,63}$/;

const equalsFilter = /^(tag:[^=!]+|[^:=!]+)(!=|=)(.*)$/s;
const colonFilter = /^(tag:[^:!]+|[^:=!]+)(!:|:)(.*)$/s;

export function isDimension(text: string): text is Dimension {
  return (dimensionNames as readonly string[]).includes(text) || customTag.test(text);
}

/** Throws `unknown_measure` with the nearest name. */
export function readMeasure(text: string): Measure {
  if ((measures as readonly string[]).includes(text)) return text as Measure;
  throw new FarthingError(
    'unknown_measure',
    `Unknown measure "${text}".${didYouMean(text, measures)} Measures: ${measures.join(', ')}.`,
  );
}

/** Throws `unknown_dimension` with the nearest name. */
export function readDimension(text: string): Dimension {
  if (isDimension(text)) return text;
  throw new FarthingError(
    'unknown_dimension',
    `Unknown dimension "${text}".${didYouMean(text, dimensionNames)} Dimensions: ${dimensionNames.join(', ')}; a custom tag is tag:<key>.`,
  );
}

/** Throws `unknown_bucket` with the nearest name. */
export function readBucket(text: string): BucketSize {
  if ((bucketSizes as readonly string[]).includes(text)) return text as BucketSize;
  throw new FarthingError(
    'unknown_bucket',
    `Unknown bucket "${text}".${didYouMean(text, bucketSizes)} Buckets: ${bucketSizes.join(', ')}.`,
  );
}

/**
 * Reads a filter as people type it: `feature=search`, `feature:search`, `model!=gpt-4o`,
 * `provider=openai,anthropic` (any of them), `feature=` (not set), `tag:team=search`.
 * A value that holds a comma needs the structured form of the query. Throws `invalid_filter`.
 */
export function readFilter(text: string): Filter {
  const match = equalsFilter.exec(text.trim()) ?? colonFilter.exec(text.trim());
  if (match === null) {
    throw new FarthingError(
      'invalid_filter',
      `"${text}" is not a filter. Write dimension=value, e.g. feature=search, model!=gpt-4o, provider=openai,anthropic, or feature= for calls without it.`,
    );
  }
  const [, dimension = '', operator = '=', list = ''] = match;
  return {
    dimension: readDimension(dimension.trim()),
    op: operator.startsWith('!') ? 'not_in' : 'in',
    values: list.split(',').map((value) => (value === '' ? null : value)),
  };
}

/** Splits a comma-separated list as it stands in a URL or on a command line; empty parts are ignored. */
export function readList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
