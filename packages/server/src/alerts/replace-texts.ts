/** Replaces each of these texts; for what is written as JSON, they need no escapes in it. */
export function replaceTexts(text: string, from: readonly string[], to: string): string {
  return from.reduce((all, each) => all.replaceAll(each, to), text);
}
