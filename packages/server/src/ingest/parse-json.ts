export type JsonRecord = Record<string, unknown>;

/** A JSON object out of a line, or why it is none. */
export function parseRecord(
  text: string,
): { record: JsonRecord } | { record: null; reason: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { record: value as JsonRecord };
    }
    return { record: null, reason: 'not a JSON object' };
  } catch (error) {
    // The parser quotes what it stumbled over, which may be anybody's text: its first words will do.
    const message = (error as Error).message.replace(/[:,] ["'].*$/s, '').slice(0, 120);
    return { record: null, reason: `not JSON (${message})` };
  }
}
