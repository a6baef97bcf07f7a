/** A value of an attribute as telemetry sends it; bytes and nested maps are not read. */
export type AttributeValue = string | number | boolean | readonly AttributeValue[];

/** Attributes by name. A Map, because names come from callers. */
export type Attributes = ReadonlyMap<string, AttributeValue>;

/**
 * A finished span as it was exported, with the attributes that {@link isReadAttribute} lets through.
 * Ids are lower-case hexadecimal, times microseconds since 1970.
 */
export interface Span {
  trace: string;
  span: string;
  parent: string | null;
  name: string;
  began: number;
  ended: number;
  /** The status of the span is ERROR. */
  failed: boolean;
  /** Type of the exception that the span recorded, e.g. `RateLimitError`; never its message. */
  exception: string | null;
  attributes: Attributes;
  resource: Attributes;
  /** Name of the instrumentation library. */
  scope: string;
}

/** The first of these attributes that is a text of at most `longest` characters. */
export function textOf(
  attributes: Attributes,
  names: readonly string[],
  longest = 256,
): string | undefined {
  for (const name of names) {
    const value = attributes.get(name);
    if (typeof value === 'string' && value.trim() !== '' && value.length <= longest) {
      return value.trim();
    }
  }
  return undefined;
}

/** The first of these attributes that is a number, or a text that is one. */
export function numberOf(attributes: Attributes, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = attributes.get(name);
    const number = typeof value === 'string' ? numberIn(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
  }
  return undefined;
}

/** A plain decimal number written as text ("123", "0.5"); undefined for anything else. */
export function numberIn(text: string): number | undefined {
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
}
