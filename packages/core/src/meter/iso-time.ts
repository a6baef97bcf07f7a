const minute = 60_000;
const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

let knownMinute = Number.NaN;
let prefix = '';

/**
 * A time (milliseconds since the epoch) as ISO 8601 in UTC with milliseconds: what `toISOString` of a
 * date gives. Calls follow each other, so all but the seconds is mostly that of the one before.
 * @throws RangeError for what is no time
 */
export function isoTime(milliseconds: number): string {
  const inMinute = ((milliseconds % minute) + minute) % minute;
  const ofMinute = milliseconds - inMinute;
  if (ofMinute !== knownMinute || !Number.isInteger(milliseconds)) {
    const text = new Date(milliseconds).toISOString();
    if (!Number.isInteger(milliseconds)) return text;
    knownMinute = ofMinute;
    prefix = text.slice(0, -'00.000Z'.length);
  }
  const fraction = inMinute % 1_000;
  const seconds = twoDigits[(inMinute - fraction) / 1_000]!;
  const zeros = fraction < 10 ? '00' : fraction < 100 ? '0' : '';
  return `${prefix}${seconds}.${zeros}${fraction}Z`;
}
