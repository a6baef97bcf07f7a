/** Names that are remembered; beyond it all are forgotten. */
const mostNames = 4_096;
/** Bytes of the longest name that is remembered. */
const longestName = 128;

interface KnownName {
  bytes: Uint8Array;
  name: string;
  isRead: boolean;
}

/**
 * Names of attributes by their bytes: of the few that come with every span, none is decoded and looked at
 * again.
 */
export class KnownNames {
  readonly #isRead: (name: string) => boolean;
  readonly #decode: (bytes: Uint8Array) => string;
  readonly #names = new Map<number, KnownName>();

  constructor(isRead: (name: string) => boolean, decode: (bytes: Uint8Array) => string) {
    this.#isRead = isRead;
    this.#decode = decode;
  }

  /** The name in these bytes where it is read, null where it is not. */
  read(bytes: Uint8Array): string | null {
    if (bytes.length > longestName) {
      const name = this.#decode(bytes);
      return this.#isRead(name) ? name : null;
    }
    const hash = hashOf(bytes);
    const known = this.#names.get(hash);
    if (known !== undefined && areEqual(known.bytes, bytes))
      return known.isRead ? known.name : null;
    const found = this.#know(bytes);
    if (this.#names.size >= mostNames) this.#names.clear();
    this.#names.set(hash, found);
    return found.isRead ? found.name : null;
  }

  #know(bytes: Uint8Array): KnownName {
    const name = this.#decode(bytes);
    return { bytes: Uint8Array.from(bytes), name, isRead: this.#isRead(name) };
  }
}

function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < bytes.length; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash;
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
