import { isFields, type Fields } from '../../usage/fields.js';

/** Fields that hold what was said; ids, types and names are never cut. */
const textFields: ReadonlySet<string> = new Set(['content', 'text', 'output', 'input_text']);

/** Shorter than this no text is worth sending. */
const leastCharacters = 200;

interface Place {
  item: number;
  path: readonly (string | number)[];
  text: string;
}

/**
 * Cuts `characters` off the end of the longest text of the items that may be cut. Null when none is
 * long enough to stay worth sending.
 */
export function cutLongestText(
  items: readonly Fields[],
  cuttable: readonly boolean[],
  characters: number,
): Fields[] | null {
  let longest: Place | null = null;
  items.forEach((item, index) => {
    if (!cuttable[index]) return;
    for (const place of textsOf(item, index)) {
      if (longest === null || place.text.length > longest.text.length) longest = place;
    }
  });
  const found = longest as Place | null;
  if (found === null || found.text.length - characters < leastCharacters) return null;
  const end = withoutHalfCharacter(found.text, found.text.length - characters);
  return items.map((item, index) =>
    index === found.item ? (replaceAt(item, found.path, found.text.slice(0, end)) as Fields) : item,
  );
}

/** Never between the two halves of a surrogate pair. */
function withoutHalfCharacter(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}

function* textsOf(value: unknown, item: number, path: (string | number)[] = []): Generator<Place> {
  if (Array.isArray(value)) {
    for (const [index, part] of value.entries()) yield* textsOf(part, item, [...path, index]);
  } else if (isFields(value)) {
    for (const [key, part] of Object.entries(value)) {
      if (typeof part === 'string' && textFields.has(key)) {
        yield { item, path: [...path, key], text: part };
      } else if (typeof part === 'object') yield* textsOf(part, item, [...path, key]);
    }
  }
}

function replaceAt(
  value: unknown,
  [key, ...rest]: readonly (string | number)[],
  text: string,
): unknown {
  if (key === undefined) return text;
  if (Array.isArray(value)) {
    return value.map((part: unknown, index) =>
      index === key ? replaceAt(part, rest, text) : part,
    );
  }
  const fields = value as Fields;
  return { ...fields, [key]: replaceAt(fields[key], rest, text) };
}
