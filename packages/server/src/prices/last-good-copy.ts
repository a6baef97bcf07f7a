import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from './atomic-file.js';
import { hashOf, type Content } from './content.js';
import type { Location } from './location.js';

/** The last good content of a price source, kept for the day on which the source is dead. */
export interface LastGoodCopy extends Content {
  hash: string;
  loadedAt: string;
}

interface StoredCopy {
  name: string;
  hash: string;
  loaded_at: string;
  etag?: string;
  last_modified?: string;
  text: string;
}

export function writeCopy(directory: string, { id, name }: Location, copy: LastGoodCopy): void {
  const stored: StoredCopy = {
    name,
    hash: copy.hash,
    loaded_at: copy.loadedAt,
    ...(copy.etag === undefined ? {} : { etag: copy.etag }),
    ...(copy.lastModified === undefined ? {} : { last_modified: copy.lastModified }),
    text: copy.text,
  };
  writeAtomically(join(directory, `${id}.json`), `${JSON.stringify(stored)}\n`);
}

/** Null when there is none, or it is damaged: its hash must be that of its text. */
export function readCopy(directory: string, { id }: Location): LastGoodCopy | null {
  try {
    const stored = JSON.parse(readFileSync(join(directory, `${id}.json`), 'utf8')) as StoredCopy;
    if (typeof stored.text !== 'string' || hashOf(stored.text) !== stored.hash) return null;
    return {
      text: stored.text,
      hash: stored.hash,
      loadedAt: stored.loaded_at,
      ...(stored.etag === undefined ? {} : { etag: stored.etag }),
      ...(stored.last_modified === undefined ? {} : { lastModified: stored.last_modified }),
    };
  } catch {
    return null;
  }
}
