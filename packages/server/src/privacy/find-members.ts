/** Bytes from `start` up to `end`, without it. */
export interface ByteRange {
  start: number;
  end: number;
}

/** A member of an object, and what to blank so that the object stays JSON without it. */
export interface FoundMember {
  blank: ByteRange[];
}

interface Level {
  isObject: boolean;
  /** What its members are: tags, custom tags among `tags`, dimensions of a budget's account, or neither. */
  holds: 'tags' | 'custom' | 'scope' | null;
  /** The key whose value comes next; null where a key comes next. */
  key: { name: string; start: number } | null;
  /** The comma before the member that comes next. */
  comma: number | null;
  /** The first member is to go, and the comma behind it, if there is one, with it. */
  waiting: ByteRange | null;
}

const quote = 0x22;
const backslash = 0x5c;

/**
 * The tags of a record that have one of the values: members of `tags` and of `custom` in it, and the
 * `scope` of a budget's account, which names the same. Strings are compared as what they mean, however
 * they are escaped. Of a line that is cut off only what is whole counts: its rest may be on its way.
 *
 * @param tag without `tag:`
 */
export function findMembers(line: Buffer, tag: string, values: ReadonlySet<string>): FoundMember[] {
  const found: FoundMember[] = [];
  const levels: Level[] = [];
  for (let at = 0; at < line.length; at++) {
    const level = levels.at(-1);
    switch (line[at]) {
      case quote: {
        const end = endOfString(line, at);
        if (end < 0) return found;
        if (level?.isObject === true) {
          if (level.key === null) level.key = { name: textOf(line, at, end), start: at };
          else if (isTag(level, tag) && values.has(textOf(line, at, end))) {
            const own = { start: level.key.start, end };
            if (level.comma === null) level.waiting = own;
            else found.push({ blank: [own, { start: level.comma, end: level.comma + 1 }] });
          }
        }
        at = end - 1;
        break;
      }
      case 0x7b: // {
        levels.push(newLevel(true, holdingOf(level)));
        break;
      case 0x5b: // [
        levels.push(newLevel(false, null));
        break;
      case 0x7d: // }
      case 0x5d: // ]
        if (level?.waiting != null) found.push({ blank: [level.waiting] });
        levels.pop();
        break;
      case 0x2c: // ,
        if (level?.isObject !== true) break;
        level.key = null;
        if (level.waiting === null) level.comma = at;
        else {
          found.push({ blank: [level.waiting, { start: at, end: at + 1 }] });
          level.waiting = null;
        }
        break;
      default:
    }
  }
  return found;
}

function newLevel(isObject: boolean, holds: Level['holds']): Level {
  return { isObject, holds, key: null, comma: null, waiting: null };
}

function holdingOf(outer: Level | undefined): Level['holds'] {
  const name = outer?.key?.name;
  if (outer?.holds === 'tags') return name === 'custom' ? 'custom' : null;
  return name === 'tags' || name === 'scope' ? name : null;
}

function isTag({ holds, key }: Level, tag: string): boolean {
  if (holds === null) return false;
  return key!.name === tag || (holds === 'scope' && key!.name === `tag:${tag}`);
}

/** Where the string that begins at `start` is over; -1 when the line ends first. */
function endOfString(line: Buffer, start: number): number {
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === backslash) at++;
    else if (line[at] === quote) return at + 1;
  }
  return -1;
}

function textOf(line: Buffer, start: number, end: number): string {
  const inner = line.subarray(start + 1, end - 1);
  if (!inner.includes(backslash)) return inner.toString('utf8');
  try {
    return JSON.parse(line.toString('utf8', start, end)) as string;
  } catch {
    return inner.toString('utf8');
  }
}
