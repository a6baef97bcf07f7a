/** A feature for a reader; null is unattributed. */
export function featureName(feature: string | null | undefined): string {
  return feature ?? '(unattributed)';
}

/** `--feature search`, or the filter for calls without one; safe to paste into a shell. */
export function featureFlag(feature: string | null | undefined): string {
  return feature == null ? '--filter feature=' : `--feature ${shellWord(feature)}`;
}

/** The same for answers that have no `--feature`. */
export function featureFilter(feature: string | null | undefined): string {
  return feature == null ? '--filter feature=' : `--filter ${shellWord(`feature=${feature}`)}`;
}

function shellWord(text: string): string {
  return /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
