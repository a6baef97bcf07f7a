import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from '../../files/replace-file.js';
import type { KeptNotice } from './sink-backlog.js';

/**
 * `alerts/notices.jsonl`: a line for each notice, `{"sequence": n, "notice": {…}}`, on stable storage before
 * a sink hears of it. One process writes it, one write at a time.
 */
export class NoticeFile {
  readonly #path: string;
  #handle: FileHandle | null = null;
  #bytes = 0;
  /** A write that failed may have left the beginning of a line behind. */
  #isTorn = false;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Reads what is there. Lines that are none, as a crash leaves them, are counted and left out; a file that
   * cannot be read is told as `problem`, and what comes goes on.
   */
  static async open(path: string): Promise<{
    file: NoticeFile;
    kept: KeptNotice[];
    damaged: number;
    problem: string | null;
  }> {
    const file = new NoticeFile(path);
    let problem: string | null = null;
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') problem = error.message;
      return '';
    });
    file.#bytes = Buffer.byteLength(text);
    file.#isTorn = text !== '' && !text.endsWith('\n');
    const kept = new Map<number, KeptNotice>();
    let damaged = 0;
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const one = parse(line);
      if (one === null) damaged += 1;
      else kept.set(one.sequence, one);
    }
    const inOrder = [...kept.values()].sort((a, b) => a.sequence - b.sequence);
    return { file, kept: inOrder, damaged, problem };
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Rejects when not all of it is on stable storage; then none of it counts. */
  async append(notices: readonly KeptNotice[]): Promise<void> {
    const text = textOf(notices);
    const handle = (this.#handle ??= await this.#openHandle());
    try {
      await handle.appendFile(this.#isTorn ? `\n${text}` : text);
      await handle.datasync();
      this.#bytes += Buffer.byteLength(text);
      this.#isTorn = false;
    } catch (error) {
      this.#isTorn = true;
      throw error;
    }
  }

  /** Leaves only these. Rejects when it cannot: then all stay. */
  async replace(notices: readonly KeptNotice[]): Promise<void> {
    const text = textOf(notices);
    await replaceFile(this.#path, text);
    this.#bytes = Buffer.byteLength(text);
    this.#isTorn = false;
    await this.close();
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  async #openHandle(): Promise<FileHandle> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    return open(this.#path, 'a', 0o600);
  }
}

function textOf(notices: readonly KeptNotice[]): string {
  return notices.map((one) => `${JSON.stringify(one)}\n`).join('');
}

function parse(line: string): KeptNotice | null {
  try {
    const one = JSON.parse(line) as KeptNotice;
    const { key, what, at, incident } = one.notice;
    const texts: unknown[] = [key, what, at, incident.id];
    return Number.isInteger(one.sequence) && texts.every((text) => typeof text === 'string')
      ? one
      : null;
  } catch {
    return null;
  }
}
