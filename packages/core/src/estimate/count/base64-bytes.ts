/** Bytes of a file by their offset; undefined beyond its end. */
export interface FileBytes {
  length: number;
  at(offset: number): number | undefined;
}

const padding = '='.charCodeAt(0);
const values = new Int8Array(128).fill(-1);
'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  .split('')
  .forEach((letter, value) => (values[letter.charCodeAt(0)] = value));
// URL-safe base64, which Google takes as well.
values['-'.charCodeAt(0)] = 62;
values['_'.charCodeAt(0)] = 63;

/**
 * Single bytes out of base64, without decoding the rest: every byte stands in one known group of four
 * letters. `codeAt` gives the letters' codes, from a string or from a buffer. RFC 4648.
 */
export function base64Bytes(letters: number, codeAt: (index: number) => number): FileBytes {
  const sextet = (index: number) => {
    const code = index < letters ? codeAt(index) : 0;
    return code < 128 ? values[code]! : -1;
  };
  const isPadding = (index: number) => index >= 0 && codeAt(index) === padding;
  const padded = isPadding(letters - 2) ? 2 : isPadding(letters - 1) ? 1 : 0;
  return {
    length: Math.floor(((letters - padded) * 3) / 4),
    at(offset) {
      const group = Math.floor(offset / 3) * 4;
      const place = offset % 3;
      const high = sextet(group + place);
      const low = sextet(group + place + 1);
      if (high < 0 || low < 0) return undefined;
      return ((high << (2 + 2 * place)) | (low >> (4 - 2 * place))) & 0xff;
    },
  };
}
