import { createHash } from 'node:crypto';

/** The text of a price source, and what its server said to ask for it again with. */
export interface Content {
  text: string;
  etag?: string;
  lastModified?: string;
}

/** More than any price list has (the largest public one has 2 MB), and little enough to hold. */
export const largestContent = 8 * 1024 * 1024;
/** YAML is parsed a hundred times slower than JSON, and calls wait meanwhile. */
export const largestYaml = 512 * 1024;

/** Identifies content: two sources with the same hash say the same. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** As much of a hash as names an edition. */
export function shortHash(hash: string): string {
  return hash.slice(0, 8);
}
