import { watch, type FSWatcher } from 'node:fs';

/**
 * Calls `onChange` when something changes in the directories given. Only a faster hint than polling:
 * not every file system tells, and the number of watches is limited, so failures are ignored.
 */
export class DirectoryWatches {
  readonly #onChange: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #closed = false;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  add(directory: string): void {
    if (this.#closed || this.#watchers.has(directory)) return;
    try {
      const watcher = watch(directory, { persistent: false }, this.#onChange);
      watcher.on('error', () => this.#drop(directory));
      this.#watchers.set(directory, watcher);
    } catch {
      // Polling sees what this watch would have seen.
    }
  }

  close(): void {
    this.#closed = true;
    for (const directory of this.#watchers.keys()) this.#drop(directory);
  }

  #drop(directory: string): void {
    this.#watchers.get(directory)?.close();
    this.#watchers.delete(directory);
  }
}
