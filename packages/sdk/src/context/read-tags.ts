import { FarthingError, TagCollector, type TagName, type Tags } from '@farthing/core';
import { sayOnce } from '../platform.js';

/** Tags as a developer writes them: the known names, `custom`, and any other name, which becomes a custom tag. */
export type TagsInput = { readonly [name in TagName]?: string | undefined } & {
  readonly custom?: Readonly<Record<string, string>> | undefined;
  readonly [name: string]: string | Readonly<Record<string, string>> | undefined;
};

const names: Readonly<Record<string, string>> = { templateVersion: 'template_version' };

/**
 * Checks tags from code. What exceeds the limits is cut or left out and said once; a call is never
 * refused for its tags. Throws `invalid_tags` where a value is no text, naming the tag: that is a
 * mistake in the program, and silence would hide it until the month's report.
 * @internal
 */
export function readTags(input: TagsInput): Tags {
  if (typeof input !== 'object' || input === null) {
    throw new FarthingError('invalid_tags', 'Tags are an object, e.g. { feature: "search" }.');
  }
  const collector = new TagCollector();
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue;
    if (name === 'custom' && typeof value === 'object') {
      for (const [key, text] of Object.entries(value))
        setTag(collector, `custom.${key}`, key, text);
    } else setTag(collector, name, names[name] ?? name, value);
  }
  for (const problem of collector.problems) sayOnce(problem);
  return collector.tags;
}

function setTag(collector: TagCollector, field: string, name: string, value: unknown): void {
  if (typeof value !== 'string') {
    const hint = typeof value === 'number' ? ` Write "${value}".` : '';
    throw new FarthingError('invalid_tags', `Tag \`${field}\` must be a text.${hint}`);
  }
  collector.set(name, value);
}
