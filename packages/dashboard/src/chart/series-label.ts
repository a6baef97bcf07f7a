import type { Dimension } from '@farthing/core';
import { valueLabel } from '../view/dimensions.js';
import { other, type SeriesKey } from './stack.js';

export const seriesLabel = (dimension: Dimension, key: SeriesKey): string =>
  key === other ? 'Other' : valueLabel(dimension, key);

/** A React key for a series; tag values cannot begin with a NUL. */
export const seriesId = (key: SeriesKey): string =>
  key === other ? '\0other' : key === null ? '\0none' : key;
