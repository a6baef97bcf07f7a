import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cursor } from './finding.js';

/** How far an import had come. */
export interface Progress {
  version: 1;
  /** By file: how far it was read; `size` and `modified` when that was all there was. */
  files: Record<string, Cursor & { size?: number; modified?: number }>;
  /** The last call that was handed on: if the books do not have it, they are other books. */
  last_id: string | null;
}

/** A file in the data directory in which an import notes how far it has come. */
export class Checkpoint {
  readonly #path: string;
  readonly #directory: string;

  /** `of` is what makes two imports the same one: source, paths, options, books. */
  constructor(directory: string, of: unknown) {
    const name = createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 24);
    this.#directory = directory;
    this.#path = join(directory, `${name}.json`);
  }

  async read(): Promise<Progress | null> {
    try {
      const progress = JSON.parse(await readFile(this.#path, 'utf8')) as Progress;
      return progress.version === 1 && typeof progress.files === 'object' ? progress : null;
    } catch {
      return null;
    }
  }

  /** Whole or not at all: a kill at any moment leaves the one before. */
  async write(progress: Progress): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    const unfinished = `${this.#path}.${process.pid}`;
    await writeFile(unfinished, JSON.stringify(progress), { mode: 0o600 });
    await rename(unfinished, this.#path);
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}
