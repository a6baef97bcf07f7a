/** The attribution tags that have a meaning of their own, in the order reports offer them. */
export const tagNames = [
  'feature',
  'user',
  'tenant',
  'segment',
  'agent',
  'route',
  'template_version',
  'run',
  'session',
  'trace',
  'environment',
] as const;

export type TagName = (typeof tagNames)[number];

/**
 * Who and what a call was for. `custom` holds a team's own dimensions.
 * `user` is a pseudonym (keyed hash) from the moment a call enters Farthing.
 */
export type Tags = { [name in TagName]?: string } & { custom?: Record<string, string> };

/** Limits of tags. What exceeds them is cut or left out, and the caller is told; the call is not refused. */
export const tagLimits = {
  /** Characters of a value. */
  valueLength: 256,
  /** Characters of a custom tag's key. */
  keyLength: 64,
  /** Custom tags of one call. */
  customTags: 32,
} as const;

const known: ReadonlySet<string> = new Set(tagNames);
const customKey = /^[a-z0-9][a-z0-9_.:/-]*$/;

/**
 * Collects tags from several sources. A later source wins over an earlier one, tag by tag.
 * Names are case-insensitive and `-` equals `_`; a name that is not one of `tagNames` becomes a
 * custom tag. Empty values are ignored: a tag that is not known is absent, never empty.
 */
export class TagCollector {
  readonly tags: Tags = {};
  /** What was cut or left out, as sentences for the caller. Values are not repeated. */
  readonly problems: string[] = [];
  #customTags = 0;

  set(name: string, value: string): void {
    const clean = this.#cleanValue(name, value);
    if (clean === '') return;
    const key = name.toLowerCase().replaceAll('-', '_');
    if (known.has(key)) this.tags[key as TagName] = clean;
    else this.#setCustom(key, clean);
  }

  #setCustom(key: string, value: string): void {
    if (key.length > tagLimits.keyLength || !customKey.test(key)) {
      this.problems.push(
        `tag "${printable(key)}" left out: a custom tag's name has at most ${tagLimits.keyLength} letters, digits and _ . : / -`,
      );
      return;
    }
    const custom = (this.tags.custom ??= {});
    if (!Object.hasOwn(custom, key)) {
      if (this.#customTags === tagLimits.customTags) {
        this.problems.push(
          `tag "${key}" left out: a call has at most ${tagLimits.customTags} custom tags`,
        );
        return;
      }
      this.#customTags++;
    }
    // defineProperty: a key such as "__proto__" is data here, never the object's prototype.
    Object.defineProperty(custom, key, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }

  #cleanValue(name: string, value: string): string {
    const clean = hasControlCharacter(value) ? stripControlCharacters(value) : value.trim();
    if (clean.length <= tagLimits.valueLength) return clean;
    this.problems.push(
      `tag "${printable(name)}" cut to ${tagLimits.valueLength} of its ${clean.length} characters`,
    );
    return cut(clean, tagLimits.valueLength);
  }
}

/** Reads `k=v,k2=v2` as in `x-farthing-tags`; values may be percent-encoded. Parts without `=` are skipped. */
export function parseTagList(list: string): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (const part of list.split(',')) {
    const equals = part.indexOf('=');
    if (equals <= 0) continue;
    pairs.push([part.slice(0, equals).trim(), decode(part.slice(equals + 1).trim())]);
  }
  return pairs;
}

/**
 * Reads the W3C `baggage` header. Only members named like a tag (or `farthing.<name>`) and the
 * `allowed` keys are taken: baggage travels far, and what else is in it is not ours to store.
 * https://www.w3.org/TR/baggage/
 */
export function parseBaggage(
  header: string,
  allowed: ReadonlySet<string> = new Set(),
): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (const member of header.split(',')) {
    const [pair = ''] = member.split(';', 1);
    const equals = pair.indexOf('=');
    if (equals <= 0) continue;
    const key = pair.slice(0, equals).trim();
    const name = key.startsWith('farthing.') ? key.slice('farthing.'.length) : key;
    if (name === key && !known.has(key) && !allowed.has(key)) continue;
    pairs.push([name, decode(pair.slice(equals + 1).trim())]);
  }
  return pairs;
}

function decode(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function hasControlCharacter(value: string): boolean {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return true;
  }
  return false;
}

function stripControlCharacters(value: string): string {
  return value.replaceAll(/\p{Cc}/gu, ' ').trim();
}

function printable(name: string): string {
  return cut(stripControlCharacters(name), 40);
}

/** Cuts between characters, never inside a surrogate pair. */
function cut(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
