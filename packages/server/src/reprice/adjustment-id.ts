import { createHash } from 'node:crypto';

/**
 * The id of the adjustment with this number of an entry: always the same, so that of two adjustments
 * made at once only one is booked. UUID version 8 (RFC 9562).
 */
export function adjustmentId(entry: string, number: number): string {
  const hash = createHash('sha256')
    .update(`farthing adjustment 1\n${entry.toLowerCase()}\n${number}\n`)
    .digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
