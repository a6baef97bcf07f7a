import { inputSizeOf, tagNames, type CallRow, type Filter, type TagName } from '@farthing/core';

/** Whether a booked call passes all filters: the live counterpart of a query's `filters`. */
export function matchFilters(row: CallRow, filters: readonly Filter[]): boolean {
  return filters.every((filter) => {
    const included = filter.values.includes(dimensionValue(row, filter.dimension));
    return filter.op === 'in' ? included : !included;
  });
}

function dimensionValue(row: CallRow, dimension: Filter['dimension']): string | null {
  if (dimension.startsWith('tag:')) return row.tags.custom?.[dimension.slice(4)] ?? null;
  if ((tagNames as readonly string[]).includes(dimension)) {
    return row.tags[dimension as TagName] ?? null;
  }
  if (dimension === 'input_size') return inputSize(row);
  if (dimension === 'hour_of_day') return row.started_at.slice(11, 13);
  if (dimension === 'day_of_week') return String(new Date(row.started_at).getUTCDay() || 7);
  const value = row[dimension as keyof CallRow];
  return value == null ? null : String(value as string | number | boolean);
}

function inputSize({ kind, tokens }: CallRow): string | null {
  if (kind === 'adjustment' || tokens === null) return null;
  const { input_uncached, cache_read, cache_write, cache_write_5m, cache_write_1h } = tokens;
  return String(
    inputSizeOf(input_uncached + cache_read + cache_write + cache_write_5m + cache_write_1h),
  );
}
