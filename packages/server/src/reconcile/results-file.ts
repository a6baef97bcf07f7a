import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reconciliation } from '@farthing/core';
import { appendLineSoon } from '../files/append-line.js';

/** Older results are remembered by their days alone; the file keeps them whole. */
const mostWhole = 100;

/**
 * Reconciliations of a data directory, one per line in `reconciliations.jsonl`, appended and never
 * changed. What was read once is remembered; later only what was appended is read, whoever did it.
 */
export class ReconciliationsFile {
  readonly #directory: string;
  #known: Reconciliation[] = [];
  #offset = 0;
  #reading: Promise<void> = Promise.resolve();

  constructor(dataDirectory: string) {
    this.#directory = dataDirectory;
  }

  async append(reconciliation: Reconciliation): Promise<void> {
    await appendLineSoon(this.#path, reconciliation);
  }

  /**
   * Newest first. All but the newest 100 come without cells and details. A line that was cut off by
   * a crash is left out.
   */
  async list(): Promise<Reconciliation[]> {
    this.#reading = this.#reading.then(
      () => this.#readOn(),
      () => this.#readOn(),
    );
    await this.#reading;
    return this.#known.toReversed();
  }

  async #readOn(): Promise<void> {
    const text = await this.#appended();
    const end = text.lastIndexOf('\n') + 1;
    this.#offset += Buffer.byteLength(text.slice(0, end));
    const before = this.#known.length;
    this.#known.push(...text.slice(0, end).split('\n').flatMap(readLine));
    const whole = Math.max(0, this.#known.length - mostWhole);
    for (let index = Math.max(0, before - mostWhole); index < whole; index++) {
      const { causes, ...rest } = this.#known[index]!;
      const short = causes.map((cause) => ({ ...cause, details: [] }));
      this.#known[index] = { ...rest, causes: short, cells: [] };
    }
  }

  async #appended(): Promise<string> {
    let file;
    try {
      file = await open(this.#path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      this.#known = [];
      this.#offset = 0;
      return '';
    }
    try {
      const { size } = await file.stat();
      if (size < this.#offset) {
        this.#known = [];
        this.#offset = 0;
      }
      const bytes = Buffer.alloc(size - this.#offset);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, this.#offset);
      return bytes.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  }

  get #path(): string {
    return join(this.#directory, 'reconciliations.jsonl');
  }
}

function readLine(line: string): Reconciliation[] {
  if (line.trim() === '') return [];
  try {
    const value = JSON.parse(line) as Partial<Reconciliation>;
    const isOne = typeof value.id === 'string' && Array.isArray(value.days);
    return isOne && Array.isArray(value.causes) ? [value as Reconciliation] : [];
  } catch {
    return [];
  }
}
