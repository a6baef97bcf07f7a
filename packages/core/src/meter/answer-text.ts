/** Members of stream events that hold what the model generated: text, thoughts, arguments of tools. */
const textMembers: ReadonlySet<string> = new Set([
  'content',
  'text',
  'delta',
  'thinking',
  'reasoning',
  'reasoning_content',
  'refusal',
  'arguments',
  'partial_json',
  'choices',
  'candidates',
  'parts',
  'tool_calls',
  'function',
  'functionCall',
  'args',
]);

/**
 * Bytes of generated text in one event of a stream, of whatever API: used to estimate the output of a
 * stream that broke off. Ids, padding and bookkeeping do not count.
 */
export function generatedBytes(event: unknown): number {
  if (typeof event === 'string') return utf8Length(event);
  if (typeof event !== 'object' || event === null) return 0;
  let bytes = 0;
  if (Array.isArray(event)) {
    for (const item of event) if (typeof item === 'object') bytes += generatedBytes(item);
    return bytes;
  }
  for (const key in event) {
    if (textMembers.has(key)) bytes += generatedBytes((event as Record<string, unknown>)[key]);
  }
  return bytes;
}

/** Bytes of a text in UTF-8. A surrogate is half of a character of four bytes. */
function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
