import { createHash } from 'node:crypto';

/**
 * The entry id of a span's call, made from the ids of trace and span: a span that is exported again has
 * the same one and changes nothing. UUID version 8 (RFC 9562).
 */
export function spanEntryId(trace: string, span: string): string {
  const hash = createHash('sha256').update(`farthing span 1\n${trace}\n${span}\n`).digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
