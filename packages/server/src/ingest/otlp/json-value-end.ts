const quote = 0x22;
const backslash = 0x5c;

/** Finds where a JSON value ends, over any number of pieces. What the value holds is not checked. */
export class JsonValueEnd {
  #depth = 0;
  #inText = false;
  #escaped = false;
  #plain = false;
  #begun = false;

  /**
   * The index behind the value's last byte, or -1 when it does not end in this piece. `from` is its
   * first byte in the first piece, and 0 in those after it.
   */
  find(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) {
          this.#inText = false;
          if (this.#depth === 0) return at + 1;
        }
        continue;
      }
      if (this.#plain) {
        if (isDelimiter(byte)) return at;
      } else if (byte === quote) this.#inText = true;
      else if (byte === 0x7b || byte === 0x5b) this.#depth++;
      else if (byte === 0x7d || byte === 0x5d) {
        this.#depth--;
        if (this.#depth <= 0) return at + 1;
      } else if (!this.#begun) this.#plain = true;
      this.#begun = true;
    }
    return -1;
  }
}

/** Whether a number, `true`, `false` or `null` ends before this byte. */
function isDelimiter(byte: number): boolean {
  return byte === 0x2c || byte === 0x7d || byte === 0x5d || isSpace(byte);
}

export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
