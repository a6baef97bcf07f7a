import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reconciliation } from '@farthing/core';

/**
 * Reconciliations of a data directory, one per line in `reconciliations.jsonl`, appended and never
 * changed.
 */
export class ReconciliationsFile {
  readonly #directory: string;

  constructor(dataDirectory: string) {
    this.#directory = dataDirectory;
  }

  async append(reconciliation: Reconciliation): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    // One write of a whole line: two processes that append at once do not mix their lines.
    await appendFile(this.#path, `${JSON.stringify(reconciliation)}\n`, { mode: 0o600 });
  }

  /** Newest first. A line that was cut off by a crash is left out. */
  async list(): Promise<Reconciliation[]> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    return text.split('\n').flatMap(readLine).toReversed();
  }

  get #path(): string {
    return join(this.#directory, 'reconciliations.jsonl');
  }
}

function readLine(line: string): Reconciliation[] {
  if (line.trim() === '') return [];
  try {
    const value = JSON.parse(line) as Partial<Reconciliation>;
    return typeof value.id === 'string' && Array.isArray(value.days)
      ? [value as Reconciliation]
      : [];
  } catch {
    return [];
  }
}
