import { FarthingError } from '../errors.js';
import { tagNames, type TagName, type Tags } from '../tags.js';

/** A tag that the Tags column shall carry; `tag:<key>` is a custom one. */
export type FocusTag = TagName | `tag:${string}`;

/**
 * What aggregated rows keep when nothing else is asked for: the named tags that have few values.
 * Users, runs, sessions and traces would make every row a call again.
 */
export const aggregatedTags: readonly FocusTag[] = [
  'feature',
  'tenant',
  'segment',
  'agent',
  'route',
  'template_version',
  'environment',
];

/**
 * The Tags column: a JSON object of the call's tags, all of which are the user's own and therefore
 * without prefix. Null when there are none. `only` leaves out all others.
 */
export function tagsColumn(tags: Tags, only?: readonly FocusTag[]): string | null {
  const chosen: Record<string, string> = Object.create(null) as Record<string, string>;
  const wanted = only === undefined ? null : new Set<string>(only);
  for (const name of tagNames) {
    const value = tags[name];
    if (value !== undefined && (wanted === null || wanted.has(name))) chosen[name] = value;
  }
  for (const [key, value] of Object.entries(tags.custom ?? {}).sort(byKey)) {
    if (wanted === null || wanted.has(`tag:${key}`)) chosen[key] = value;
  }
  return Object.keys(chosen).length === 0 ? null : JSON.stringify(chosen);
}

function byKey([left]: [string, string], [right]: [string, string]): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Reads `feature,tenant,tag:team`. Throws `invalid_tag` for a name that is neither. */
export function readFocusTags(text: string): FocusTag[] {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  return names
    .filter((name) => name !== '')
    .map((name) => {
      if ((tagNames as readonly string[]).includes(name)) return name as TagName;
      if (name.startsWith('tag:') && name.length > 4) return name as `tag:${string}`;
      throw new FarthingError(
        'invalid_tag',
        `"${name}" is no tag. Use ${tagNames.join(', ')}, or tag:<key> for a custom one.`,
      );
    });
}
