import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Segments are numbered from 1; ten digits keep them in order for every file listing. */
export function segmentFileName(segment: number): string {
  return `${String(segment).padStart(10, '0')}.jsonl`;
}

export function segmentPath(directory: string, segment: number): string {
  return join(directory, segmentFileName(segment));
}

/** The numbers of the segments in a journal's directory, ascending. A missing directory has none. */
export async function listSegments(directory: string): Promise<number[]> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names
    .map((name) => /^(\d{10})\.jsonl$/.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}
