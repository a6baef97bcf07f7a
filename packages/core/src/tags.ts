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
