let knownTime = Number.NaN;
let prefix = '';

/**
 * A UUID of version 7 for this time (milliseconds since the epoch): sorted by time, 74 random bits.
 * They are those of a random UUID (version 4), of which runtimes make many at once: its variant and
 * what follows its version stand where version 7 has them.
 * https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
 */
export function uuidAt(milliseconds: number): string {
  if (milliseconds !== knownTime) {
    const time = Math.floor(milliseconds).toString(16).padStart(12, '0');
    prefix = `${time.slice(0, 8)}-${time.slice(8)}-7`;
    knownTime = milliseconds;
  }
  return prefix + crypto.randomUUID().slice(15);
}
