/** Pieces are at least so long, and end where a line or a sentence does; at the latest after `longest`. */
const shortest = 64;
const longest = 512;
/** So much of a head is compared: what stands further behind is seldom the same for all calls. */
export const mostComparedCharacters = 32_768;
const mostGroups = 500;
/** Of a group whose heads differ, so many calls are compared; then one of `every`. */
const firstCalls = 16;
const every = 8;

/**
 * Finds what a prompt has in common with the one before it although it stands behind a difference: the
 * text that a cache would serve if the changing part (a date, an id, retrieved text) stood behind it.
 * Remembers 32-bit hashes of the pieces of one head for each group, in memory only.
 */
export class RepeatedText {
  readonly #groups = new Map<string, { head: string; calls: number; pieces: Set<number> }>();

  /**
   * Characters of the head behind its first difference to the group's head before it that were in that
   * one; null where nothing was compared: the first of its group, the same head, or passed over.
   *
   * @param fingerprint tells whether the head is the same.
   */
  compare(group: string, fingerprint: string, head: () => string): number | null {
    const before = this.#groups.get(group);
    if (before === undefined) {
      this.#add(group, { head: fingerprint, calls: 1, pieces: new Set(piecesOf(head()).keys) });
      return null;
    }
    if (before.head === fingerprint) return null;
    before.calls += 1;
    if (before.calls > firstCalls && before.calls % every !== 0) return null;
    const { keys, lengths } = piecesOf(head());
    let differs = false;
    let repeated = 0;
    keys.forEach((key, index) => {
      if (!before.pieces.has(key)) differs = true;
      else if (differs) repeated += lengths[index]!;
    });
    before.head = fingerprint;
    before.pieces = new Set(keys);
    return repeated;
  }

  #add(group: string, state: { head: string; calls: number; pieces: Set<number> }): void {
    this.#groups.set(group, state);
    if (this.#groups.size > mostGroups) this.#groups.delete(this.#groups.keys().next().value!);
  }
}

/** Cuts a text where its own content says so, so that a change moves the cuts near it and no others. */
function piecesOf(text: string): { keys: number[]; lengths: number[] } {
  const keys: number[] = [];
  const lengths: number[] = [];
  const end = Math.min(text.length, mostComparedCharacters);
  let from = 0;
  let hash = basis;
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    hash = Math.imul(hash ^ code, prime);
    const length = at + 1 - from;
    const cuts = length >= longest || (length >= shortest && isEdge(text, at, code));
    if (!cuts && at + 1 < end) continue;
    keys.push(hash);
    lengths.push(length);
    from = at + 1;
    hash = basis;
  }
  return { keys, lengths };
}

/** FNV-1a: these hashes are compared within one process and never leave it. */
const basis = 0x811c9dc5 | 0;
const prime = 0x01000193;

/** The end of a line (written `\n` in JSON), of a sentence, or of a member. */
function isEdge(text: string, at: number, code: number): boolean {
  if (code === 0x6e) return text.charCodeAt(at - 1) === 0x5c;
  if (code === 0x20) return text.charCodeAt(at - 1) === 0x2e;
  return code === 0x2c && text.charCodeAt(at - 1) === 0x7d;
}
