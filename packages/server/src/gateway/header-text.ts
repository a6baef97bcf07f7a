/** Header values are Latin-1 at most; names in sentences may hold anything. */
export function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 1_000);
}
