import { isObject, listAt, numberAt, objectAt, textAt, type JsonObject } from './json.js';
import type { Random } from './random.js';
import { writeText } from './words.js';

const deepestLevel = 6;

/** A value that fits a JSON Schema as tools and structured outputs use it (no $ref, no patterns). */
export function valueForSchema(schema: unknown, random: Random, level = 0): unknown {
  if (!isObject(schema) || level > deepestLevel) return null;
  if ('const' in schema) return schema['const'];
  const options = listAt(schema, 'enum');
  if (options.length > 0) return random.pick(options);
  const variants = [...listAt(schema, 'anyOf'), ...listAt(schema, 'oneOf')];
  if (variants.length > 0) return valueForSchema(variants[0], random, level + 1);
  switch (typeOf(schema)) {
    case 'object':
      return Object.fromEntries(
        Object.entries(objectAt(schema, 'properties')).map(([name, property]) => [
          name,
          valueForSchema(property, random, level + 1),
        ]),
      );
    case 'array':
      return Array.from({ length: Math.max(1, numberAt(schema, 'minItems') ?? 2) }, () =>
        valueForSchema(schema['items'] ?? { type: 'string' }, random, level + 1),
      );
    case 'integer':
      return Math.round(numberWithin(schema, random));
    case 'number':
      return Math.round(numberWithin(schema, random) * 100) / 100;
    case 'boolean':
      return random.chance(0.5);
    case 'null':
      return null;
    default:
      return writeText(random, random.integer(1, 5)).join('').replace(/\.$/, '');
  }
}

/** Gemini writes types in capitals; a list of types means that any of them will do. */
function typeOf(schema: JsonObject): string {
  const listed = listAt(schema, 'type').find((type) => type !== 'null');
  const type = textAt(schema, 'type') ?? (typeof listed === 'string' ? listed : undefined);
  return (type ?? ('properties' in schema ? 'object' : 'string')).toLowerCase();
}

function numberWithin(schema: JsonObject, random: Random): number {
  const low = numberAt(schema, 'minimum') ?? 1;
  const high = numberAt(schema, 'maximum') ?? low + 98;
  return low + random.next() * (high - low);
}
