/**
 * A name that is the same whenever the same thing is found again, e.g. when calls are read anew after a
 * crash: 53 bits of a hash (two FNV-1a sums) in letters and digits.
 */
export function incidentId(...parts: readonly (string | number)[]): string {
  let low = 0x811c9dc5;
  let high = 0x1000193;
  for (const part of parts.join('\n')) {
    const code = part.codePointAt(0)!;
    low = Math.imul(low ^ code, 0x01000193) >>> 0;
    high = Math.imul(high ^ (code + 0x9e37), 0x01000193) >>> 0;
  }
  const value = BigInt(high & 0x1fffff) * 0x1_0000_0000n + BigInt(low);
  return `inc_${value.toString(36).padStart(11, '0')}`;
}
