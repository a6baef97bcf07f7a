import type { Checkpoint, Progress } from './checkpoint.js';
import type { Delivery } from './delivery.js';
import type { Cursor } from './finding.js';

/** How long may pass between two notes of how far an import has come. */
const noteMilliseconds = 2000;

/** Notes how far an import has come, so that one that is broken off can go on from there. */
export class ImportNotes {
  readonly #checkpoint: Checkpoint | null;
  readonly #delivery: Delivery;
  readonly #now: () => Date;
  #progress: Progress = { version: 1, files: {}, last_id: null };
  #notedAt = 0;
  #isNoted = true;

  /** Without a checkpoint nothing is noted. */
  constructor(checkpoint: Checkpoint | null, delivery: Delivery, now: () => Date) {
    this.#checkpoint = checkpoint;
    this.#delivery = delivery;
    this.#now = now;
  }

  /**
   * Goes on where an import that was broken off had come to, if the books are those it wrote to. Resolves
   * to how many files it had begun or done; null where there is nothing to go on from.
   */
  async resume(has: ((id: string) => Promise<boolean>) | undefined): Promise<number | null> {
    const progress = (await this.#checkpoint?.read()) ?? null;
    if (progress === null) return null;
    const { last_id: last } = progress;
    if (last !== null && has !== undefined && !(await has(last))) return null;
    this.#progress = progress;
    return Object.keys(progress.files).length;
  }

  /** How far a file was read, by this import or the one before it. */
  cursor(file: string): Cursor | undefined {
    return this.#progress.files[file];
  }

  set(file: string, cursor: Cursor): void {
    this.#progress.files[file] = cursor;
    this.#isNoted = false;
  }

  /** Only what was handed on may be noted: the batch that is being filled is handed on first. */
  async write(now: boolean): Promise<void> {
    if (this.#checkpoint === null || this.#isNoted) return;
    const time = this.#now().getTime();
    if (!now && time - this.#notedAt < noteMilliseconds) return;
    this.#notedAt = time;
    await this.#delivery.flush();
    this.#progress.last_id = this.#delivery.lastId ?? this.#progress.last_id;
    await this.#checkpoint.write(this.#progress);
    this.#isNoted = true;
  }

  /** Nothing is left to go on with. */
  async remove(): Promise<void> {
    await this.#checkpoint?.remove();
  }
}
