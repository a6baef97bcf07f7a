import { open, type FileHandle } from 'node:fs/promises';

/** Finds a text in a file's bytes; what stands there instead has just as many bytes. */
export interface Replacement {
  find: Buffer;
  by: Buffer;
}

const chunkBytes = 1 << 20;

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
  // A chunk reaches over the next one's beginning by what may lie across.
  const buffer = Buffer.allocUnsafe(chunkBytes + find.length - 1);
  let replaced = 0;
  for (let start = 0; start < size; start += chunkBytes) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, size - start), start);
    const chunk = buffer.subarray(0, bytesRead);
    const places = replaceIn(chunk, replacement);
    if (places === 0) continue;
    // The same bytes again, but for those that changed; never beyond what was there at the beginning.
    await file.write(chunk, 0, chunk.length, start);
    replaced += places;
  }
  return replaced;
}

function replaceIn(chunk: Buffer, { find, by }: Replacement): number {
  let places = 0;
  let at = chunk.indexOf(find);
  while (at >= 0) {
    by.copy(chunk, at);
    places += 1;
    at = chunk.indexOf(find, at + find.length);
  }
  return places;
}
