/**
 * The machine-readable part of a provider's error: code or type, never the message, which may repeat
 * what the caller sent. Null when the payload is no error.
 */
export function errorTypeOf(payload: unknown): string | null {
  const body: unknown = Array.isArray(payload) ? payload[0] : payload;
  if (typeof body !== 'object' || body === null || !('error' in body)) return null;
  const { error } = body;
  if (typeof error === 'string') return 'error';
  if (typeof error !== 'object' || error === null) return null;
  const { code, type, status } = error as Record<string, unknown>;
  for (const value of [typeof code === 'string' ? code : null, type, status]) {
    if (typeof value === 'string' && /^[\w.:-]{1,80}$/.test(value)) return value;
  }
  return 'error';
}
