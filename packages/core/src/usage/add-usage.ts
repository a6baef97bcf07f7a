import {
  emptyTokens,
  type NestedUsage,
  type TokenBuckets,
  type TokenDetails,
  type Usage,
} from './usage.js';

/**
 * Sums the usage of several answers of one model into one, as session logs are shown. What each answer
 * used is kept in `requests`, since it is priced answer by answer.
 */
export function addUsage(parts: readonly Usage[], raw: unknown): Usage {
  const sum: Usage = {
    tokens: emptyTokens(),
    details: {},
    units: {},
    modifiers: { ...parts[0]?.modifiers },
    estimated: parts.some((part) => part.estimated),
    raw,
    notes: [...new Set(parts.flatMap((part) => part.notes))],
  };
  for (const part of parts) {
    addTokens(sum.tokens, part.tokens);
    for (const name of Object.keys(part.details) as (keyof TokenDetails)[]) {
      sum.details[name] = (sum.details[name] ?? 0) + (part.details[name] ?? 0);
    }
    for (const unit in part.units) {
      sum.units[unit] = (sum.units[unit] ?? 0) + (part.units[unit] ?? 0);
    }
  }
  const nested = parts.flatMap(nestedIn);
  if (nested.length > 0) sum.nested = nested;
  if (parts.length > 1) {
    sum.requests = parts.map(({ tokens, details, modifiers }) => ({ tokens, details, modifiers }));
  }
  return sum;
}

/** Usage of other models inside an answer, which was served where and at the tier that the answer was. */
export function nestedIn({ nested = [], modifiers }: Usage): NestedUsage[] {
  // How fast it was answered is said of its own model.
  const { speed: _, ...shared } = modifiers;
  return nested.map((part) => ({ ...part, modifiers: part.modifiers ?? shared }));
}

export function addTokens(sum: TokenBuckets, part: TokenBuckets): void {
  for (const bucket of Object.keys(part) as (keyof TokenBuckets)[]) sum[bucket] += part[bucket];
}
