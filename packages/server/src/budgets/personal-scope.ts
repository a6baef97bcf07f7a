import { tagNames, type Tags } from '@farthing/core';
import { pseudonymPattern } from '../privacy/pseudonym.js';
import { openTagPrivacy, type PrivacySettings } from '../privacy/tag-privacy.js';

/**
 * The values of a scope as they stand in entries: whoever says `user=ada` means Ada's pseudonym. `*`
 * and pseudonyms are left as they are.
 */
export function asRecorded(
  scope: Readonly<Record<string, string>>,
  settings: PrivacySettings,
  dataDirectory: string,
): Record<string, string> {
  const own = new Set<string>(tagNames);
  const tags: Record<string, string> = {};
  const custom: Record<string, string> = {};
  for (const [dimension, value] of Object.entries(scope)) {
    if (value === '*' || pseudonymPattern.test(value)) continue;
    if (dimension.startsWith('tag:')) custom[dimension.slice('tag:'.length)] = value;
    else if (own.has(dimension)) tags[dimension] = value;
  }
  const privacy = openTagPrivacy(settings, dataDirectory);
  const protectedTags = { ...tags, custom } as Tags;
  privacy.protect(protectedTags);
  privacy.close();
  return Object.fromEntries(
    Object.entries(scope).map(([dimension, value]) => {
      const holder = dimension.startsWith('tag:')
        ? protectedTags.custom
        : (protectedTags as unknown as Record<string, string>);
      const name = dimension.startsWith('tag:') ? dimension.slice('tag:'.length) : dimension;
      return [dimension, holder?.[name] ?? value];
    }),
  );
}
