/** Random bytes of so many UUIDs are asked for at once: asking costs more than making one of them. */
const uuidsAtOnce = 128;
const bytesOfUuid = 10;
const random = new Uint8Array(uuidsAtOnce * bytesOfUuid);
let used = random.length;

const digits = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** Where the random digits stand, after the one that says which variant it is. */
const places = [15, 16, 17, 20, 21, 22, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35];
const variant = 19;

/** The characters of the UUID that was made last: one of the same millisecond differs in its random part. */
const characters = Array.from('00000000-0000-7000-8000-000000000000', (each) => each.charCodeAt(0));
let knownTime = Number.NaN;

/**
 * A UUID of version 7 for this time (milliseconds since the epoch): sorted by time, 74 random bits.
 * https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
 */
export function uuidAt(milliseconds: number): string {
  if (milliseconds !== knownTime) setTime(milliseconds);
  if (used === random.length) {
    crypto.getRandomValues(random);
    used = 0;
  }
  const first = used;
  used += bytesOfUuid;
  // 18 digits out of nine bytes, and two bits out of the tenth.
  for (let index = 0; index < places.length; index += 2) {
    const byte = random[first + (index >> 1)]!;
    characters[places[index]!] = digits[byte >> 4]!;
    characters[places[index + 1]!] = digits[byte & 15]!;
  }
  characters[variant] = digits[8 | (random[first + bytesOfUuid - 1]! & 3)]!;
  return String.fromCharCode.apply(null, characters);
}

/** The first 48 bits: eight digits, a hyphen and four digits. */
function setTime(milliseconds: number): void {
  const time = Math.floor(milliseconds).toString(16).padStart(12, '0');
  for (let index = 0; index < time.length; index++) {
    characters[index < 8 ? index : index + 1] = time.charCodeAt(index);
  }
  knownTime = milliseconds;
}
