import { tagLimits, type Tags } from '@farthing/core';

/** Tags of two sources; the later wins, tag by tag. Neither is changed. */
export function mergeTags(earlier: Tags, later: Tags): Tags {
  if (isEmpty(later)) return earlier;
  if (isEmpty(earlier)) return later;
  const merged = { ...earlier, ...later };
  if (earlier.custom !== undefined && later.custom !== undefined) {
    merged.custom = mergeCustom(earlier.custom, later.custom);
  }
  return merged;
}

/** A call has so many custom tags at most: those that were set last are kept. */
function mergeCustom(
  earlier: Record<string, string>,
  later: Record<string, string>,
): Record<string, string> {
  const merged = { ...earlier, ...later };
  const names = Object.keys(merged);
  for (const name of names.slice(0, Math.max(0, names.length - tagLimits.customTags))) {
    delete merged[name];
  }
  return merged;
}

function isEmpty(tags: Tags): boolean {
  for (const _ in tags) return false;
  return true;
}
