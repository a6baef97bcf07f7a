import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalPosition } from '../store/store.js';
import { JournalTail } from './journal-tail.js';

/** All journals of a data directory; new ones are found as they appear. */
export class JournalTails {
  readonly #root: string;
  readonly #positions: Map<string, JournalPosition>;
  readonly #tails = new Map<string, JournalTail>();

  constructor(root: string, positions: readonly JournalPosition[]) {
    this.#root = root;
    this.#positions = new Map(positions.map((position) => [position.journal, position]));
    // A journal that was read and is gone is still known, so that its absence can be reported.
    for (const { journal } of positions) this.#add(journal);
  }

  get all(): JournalTail[] {
    return [...this.#tails.values()];
  }

  get(name: string): JournalTail | undefined {
    return this.#tails.get(name);
  }

  /** Returns the directories that hold journals, the one above them first. */
  async discover(): Promise<string[]> {
    for (const name of await directoryNames(this.#root)) {
      if (!this.#tails.has(name)) this.#add(name);
    }
    return [this.#root, ...this.all.map(({ directory }) => directory)];
  }

  #add(name: string): void {
    const tail = new JournalTail(name, join(this.#root, name), this.#positions.get(name));
    this.#tails.set(name, tail);
  }
}

async function directoryNames(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
