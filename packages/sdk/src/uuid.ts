const pool = new Uint8Array(16 * 256);
let used = pool.length;
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A UUID of version 7 for this time (milliseconds since the epoch): sorted by time, 74 random bits.
 * Random bytes are drawn in bulk, because drawing costs more than all the rest.
 * https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
 */
export function uuidAt(milliseconds: number): string {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  const at = used;
  used += 16;
  const time = Math.floor(milliseconds).toString(16).padStart(12, '0');
  const byte = (index: number) => hex[pool[at + index]!]!;
  const version = hex[0x70 | (pool[at]! & 0x0f)]!;
  const variant = hex[0x80 | (pool[at + 2]! & 0x3f)]!;
  return (
    `${time.slice(0, 8)}-${time.slice(8)}-${version}${byte(1)}-${variant}${byte(3)}-` +
    byte(4) +
    byte(5) +
    byte(6) +
    byte(7) +
    byte(8) +
    byte(9)
  );
}
