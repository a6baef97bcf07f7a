import type { Directives } from './directives.js';
import { isObject, type JsonObject } from './json.js';
import type { Random } from './random.js';

/** The usage as the client gets to see it: as it is, spoilt by a fault, or undefined when withheld. */
export function reportedUsage(
  usage: JsonObject,
  directives: Directives,
  random: Random,
): JsonObject | undefined {
  switch (directives.fault?.kind) {
    case 'no-usage':
      return undefined;
    case 'malformed-usage': {
      const spoilers: ((count: number) => unknown)[] = [
        (count) => -1 - count,
        (count) => `${count} tokens`,
        (count) => count + 0.5,
      ];
      return spoil(usage, random.pick(spoilers));
    }
    default:
      return usage;
  }
}

function spoil(usage: JsonObject, spoiler: (count: number) => unknown): JsonObject {
  return Object.fromEntries(
    Object.entries(usage).map(([key, value]) => [
      key,
      typeof value === 'number' ? spoiler(value) : isObject(value) ? spoil(value, spoiler) : value,
    ]),
  );
}
