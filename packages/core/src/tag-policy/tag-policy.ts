import { tagNames, type Tags } from '../tags.js';

/** Tags that calls must have. A call is held to every rule that it is of. */
export interface TagRule {
  /** Attribution tags and custom ones (without `tag:`) that must be set. */
  tags: readonly string[];
  /** What happens to a call that lacks one: it is recorded without, or refused before it is sent. */
  missing: 'accept' | 'reject';
  /** Only calls to these providers; all when left out. */
  provider?: readonly string[] | undefined;
  /** Only calls of these APIs, e.g. `chat.completions`; all when left out. */
  api?: readonly string[] | undefined;
  /** Only calls with these keys, by the names they have in reports (`key_…`); all when left out. */
  key?: readonly string[] | undefined;
}

export interface MissingTags {
  /** In the order of the rules, each once. */
  tags: string[];
  reject: boolean;
}

const own: ReadonlySet<string> = new Set(tagNames);

/** Which tags a call must have (requirement R2: tag or reject). */
export class TagPolicy {
  readonly #rules: readonly TagRule[];

  constructor(rules: readonly TagRule[]) {
    this.#rules = rules;
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** All tags that some rule names, each once. */
  get tags(): string[] {
    return [...new Set(this.#rules.flatMap(({ tags }) => tags))];
  }

  /** Null when nothing is missing, as for nearly all calls. */
  check(
    call: { provider: string; api: string; key?: string | undefined },
    tags: Tags,
  ): MissingTags | null {
    let missing: MissingTags | null = null;
    for (const rule of this.#rules) {
      if (!isOf(rule.provider, call.provider) || !isOf(rule.api, call.api)) continue;
      if (!isOf(rule.key, call.key)) continue;
      for (const tag of rule.tags) {
        if (hasTag(tags, tag)) continue;
        missing ??= { tags: [], reject: false };
        if (!missing.tags.includes(tag)) missing.tags.push(tag);
        if (rule.missing === 'reject') missing.reject = true;
      }
    }
    return missing;
  }
}

/** What a caller has to add, as a sentence. */
export function tagAdvice(tags: readonly string[]): string {
  const headers = tags.map((tag) => `\`x-farthing-${tag.replaceAll('_', '-')}: <${tag}>\``);
  const several = headers.length > 1;
  return `Send the header${several ? 's' : ''} ${inWords(headers)}, for example as default headers of the client.`;
}

function inWords(items: readonly string[]): string {
  return items.length < 2
    ? (items[0] ?? '')
    : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

function isOf(names: readonly string[] | undefined, name: string | undefined): boolean {
  return names === undefined || (name !== undefined && names.includes(name));
}

function hasTag(tags: Tags, name: string): boolean {
  if (own.has(name)) return (tags as Record<string, unknown>)[name] !== undefined;
  return tags.custom !== undefined && Object.hasOwn(tags.custom, name);
}
