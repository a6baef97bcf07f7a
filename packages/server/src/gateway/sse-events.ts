const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Whether the bytes end with a blank line, so that an event that began in them also ends in them. */
export function endsWithBlankLine(bytes: Buffer): boolean {
  const last = bytes.length - 1;
  if (bytes[last] !== lineFeed) return false;
  return (
    bytes[last - 1] === lineFeed ||
    (bytes[last - 1] === carriageReturn && bytes[last - 2] === lineFeed)
  );
}
