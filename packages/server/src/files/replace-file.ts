import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

let drafts = 0;

/**
 * Replaces a file in one step: readers, and whoever comes after a crash, find the old text or the new
 * one, never half of it. Makes the folder where there is none; both are for this user alone. Resolves
 * when the new text is on stable storage; several replacements at once do not get in each other's way.
 * Where the disk has no room for all of it the old one stays, and what the disk says is thrown.
 *
 * @param text all of it, or its bytes in parts, which are written as they come.
 */
export async function replaceFile(
  path: string,
  text: string | AsyncIterable<Uint8Array>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  drafts += 1;
  const draft = `${path}.${process.pid}.${drafts}`;
  try {
    const file = await open(draft, 'w', 0o600);
    try {
      // Each goes behind what is written already, and whole: a single `write` may take a part of it.
      if (typeof text === 'string') await file.writeFile(text);
      else for await (const part of text) await file.writeFile(part);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
