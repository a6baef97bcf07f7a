/** Reading of untrusted JSON: every count that a normaliser uses has passed through here. */

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object at `key`, or undefined where it is missing or something else. */
export function fieldsAt(fields: Fields | undefined, key: string): Fields | undefined {
  const value = fields?.[key];
  return isFields(value) ? value : undefined;
}

/** The objects in the list at `key`; empty where it is missing. */
export function listAt(fields: Fields | undefined, key: string): Fields[] {
  const value = fields?.[key];
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** A short string such as a model or a tier name; undefined where missing, empty or overlong. */
export function nameAt(fields: Fields | undefined, key: string): string | undefined {
  const value = fields?.[key];
  return typeof value === 'string' && value !== '' && value.length <= 256 ? value : undefined;
}

/** Usage that cannot be true. Normalisers throw it; readers turn it into `invalid_usage`. */
export class UsageContradiction extends Error {
  override name = 'UsageContradiction';
}

/** A count of tokens or things; undefined where missing or null. Throws unless a safe integer ≥ 0. */
export function countAt(fields: Fields | undefined, key: string): number | undefined {
  const value = fields?.[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value + 0;
  throw new UsageContradiction(`${key} is ${show(value)}, not a whole number from 0 to 2^53 − 1`);
}

/** Like {@link countAt}, but missing is a contradiction too. */
export function requiredCountAt(fields: Fields, key: string): number {
  const value = countAt(fields, key);
  if (value === undefined) throw new UsageContradiction(`${key} is missing`);
  return value;
}

/** An amount that may be fractional (seconds). Throws unless finite and ≥ 0. */
export function amountAt(fields: Fields | undefined, key: string): number | undefined {
  const value = fields?.[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return value + 0;
  throw new UsageContradiction(`${key} is ${show(value)}, not an amount of 0 or more`);
}

/** Fails unless `part` is contained in `whole`, as the provider's documentation says it is. */
export function assertPart(part: number, partName: string, whole: number, wholeName: string): void {
  if (part > whole) {
    throw new UsageContradiction(
      `${partName} (${part}) exceeds ${wholeName} (${whole}), which includes it`,
    );
  }
}

/** Fails unless the counts add up to the total that the provider states (where it states one). */
export function assertTotal(total: number | undefined, totalName: string, sum: number): void {
  if (total !== undefined && total !== sum) {
    throw new UsageContradiction(`${totalName} is ${total}, but the counts add up to ${sum}`);
  }
}

/**
 * Notes the numeric fields that are not known, so that a provider's new detail is seen before it is
 * understood. They are taken as parts of the counts, never added to them.
 */
export function noteUnknown(
  fields: Fields | undefined,
  known: ReadonlySet<string>,
  where: string,
  notes: string[],
  meaning = 'taken as part of the counts',
): void {
  if (fields === undefined) return;
  for (const key in fields) {
    if (known.has(key)) continue;
    const value = fields[key];
    if (typeof value === 'number' && value !== 0 && key.length <= 64) {
      notes.push(`unknown field ${where}.${key} = ${value}, ${meaning}`);
    }
  }
}

/**
 * The same for counts of tokens beside the known ones. Other numbers (times, costs) say nothing of tokens.
 */
export function noteUnknownCounts(
  usage: Fields,
  known: ReadonlySet<string>,
  notes: string[],
): void {
  for (const key in usage) {
    const value = usage[key];
    if (typeof value !== 'number' || value === 0 || known.has(key) || key.length > 64) continue;
    if (/token/i.test(key)) {
      notes.push(`unknown field usage.${key} = ${value}, taken as part of the counts`);
    }
  }
}

function show(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
}
