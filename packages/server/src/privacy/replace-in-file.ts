import { open, type FileHandle } from 'node:fs/promises';

/** Finds a text in a file's bytes; what stands there instead has just as many bytes. */
export interface Replacement {
  find: Buffer;
  by: Buffer;
  /** Blanks the comma beside it too: before it or, where there is none, behind it. For members of objects. */
  takesComma?: boolean;
}

const chunkBytes = 1 << 20;
const comma = 0x2c;
const space = 0x20;

/**
 * Replaces texts in a file where they stand, so that every other byte keeps its place: whoever reads
 * on from a position, and whoever appends meanwhile, is not disturbed. A crash leaves each text as it
 * was, as it shall be, or in part; done again, it is finished. Returns how many were replaced.
 */
export async function replaceInFile(
  path: string,
  replacements: readonly Replacement[],
): Promise<number> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    let replaced = 0;
    for (const replacement of replacements) replaced += await replaceAll(file, size, replacement);
    if (replaced > 0) await file.datasync();
    return replaced;
  } finally {
    await file.close();
  }
}

async function replaceAll(file: FileHandle, size: number, replacement: Replacement) {
  const { find } = replacement;
  // A chunk reaches over the next one's beginning by what may lie across, and a neighbour on each side.
  const buffer = Buffer.allocUnsafe(chunkBytes + find.length + 1);
  let replaced = 0;
  for (let start = 0; start < size; start += chunkBytes) {
    const from = Math.max(start - 1, 0);
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, size - from), from);
    const chunk = buffer.subarray(0, bytesRead);
    const places = replaceIn(chunk, start - from, start - from + chunkBytes, replacement);
    if (places === 0) continue;
    // The same bytes again, but for those that changed; never beyond what was there at the beginning.
    await file.write(chunk, 0, chunk.length, from);
    replaced += places;
  }
  return replaced;
}

/** Replaces what begins between two places of the chunk. */
function replaceIn(
  chunk: Buffer,
  first: number,
  end: number,
  { find, by, takesComma = false }: Replacement,
): number {
  let places = 0;
  let at = chunk.indexOf(find, first);
  while (at >= 0 && at < end) {
    const behind = at + find.length;
    by.copy(chunk, at);
    if (takesComma && chunk[at - 1] === comma) chunk[at - 1] = space;
    else if (takesComma && chunk[behind] === comma) chunk[behind] = space;
    places += 1;
    at = chunk.indexOf(find, behind);
  }
  return places;
}
