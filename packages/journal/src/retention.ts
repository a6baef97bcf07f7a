import { stat, unlink } from 'node:fs/promises';
import { listSegments, segmentPath } from './segment-files.js';

/**
 * Deletes a journal's segments that are older than the retention time, booked, and not the last.
 * `bookedSegment` is the segment that the ledger is reading: everything below it is booked.
 * Returns the numbers of the deleted segments.
 */
export async function removeExpiredSegments(
  directory: string,
  rule: { olderThan: Date; bookedSegment: number },
): Promise<number[]> {
  const segments = await listSegments(directory);
  const removed: number[] = [];
  for (const segment of segments.slice(0, -1)) {
    if (segment >= rule.bookedSegment) break;
    const path = segmentPath(directory, segment);
    if ((await stat(path)).mtime >= rule.olderThan) break;
    await unlink(path);
    removed.push(segment);
  }
  return removed;
}
