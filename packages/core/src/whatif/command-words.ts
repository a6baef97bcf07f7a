/** `--feature search`, or the filter for calls without one; safe to paste into a shell. */
export function featureFlag(feature: string | null | undefined): string {
  return feature == null ? '--filter feature=' : `--feature ${shellWord(feature)}`;
}

/** The same for commands that have no `--feature`. */
export function featureFilter(feature: string | null | undefined): string {
  return feature == null ? '--filter feature=' : `--filter ${shellWord(`feature=${feature}`)}`;
}

/** A word of a command line, quoted where it has to be. */
export function shellWord(text: string): string {
  return /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
