/** A request body from text: the object, or what is wrong with it and where. */
export function readRequest(
  text: string,
): { request: Record<string, unknown>; problem: null } | { request: null; problem: string } {
  if (text.trim() === '')
    return { request: null, problem: 'Paste a request body, or take the example.' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { request: null, problem: `This is no JSON yet: ${(error as Error).message}.` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { request: null, problem: 'A request body is an object, like {"model": …}.' };
  return { request: value as Record<string, unknown>, problem: null };
}

/** `gpt-4.1, gpt-4.1-mini` → each once, without blanks. */
export const modelsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\s,]+/)
      .map((model) => model.trim())
      .filter(Boolean),
  ),
];
