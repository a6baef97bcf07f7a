import { FarthingError } from '@farthing/core';
import { builtIn } from '../platform.js';
import { uuidAt } from '../uuid.js';

/** Entries on disk that could not be sent: files of JSON lines, sent oldest first. */
export interface Spool {
  /** Keeps the lines. */
  put(lines: readonly string[]): Promise<Kept>;
  /** Like `put`, at once: for a process that ends. */
  putNow(lines: readonly string[]): Kept;
  /** The oldest file; null when there is none. */
  next(): Promise<SpooledFile | null>;
}

/** How many lines are on disk, from the first, and why the others could not be kept. */
export interface Kept {
  kept: number;
  problem: string | null;
}

export interface SpooledFile {
  /** Empty where the file holds no whole line. */
  lines: string[];
  /** Returns why the file could not be removed, or null. */
  remove(): Promise<string | null>;
}

/** Lines of a file at most: one request. */
const linesOfFile = 1_000;
const fileName = /^[0-9a-f-]{36}\.jsonl$/;

/**
 * Opens a spool in a directory, which is made when the first lines come. Null without a directory.
 * Throws `spool_unavailable` in a runtime without files.
 */
export function openSpool(directory: string | undefined, mostBytes: number): Spool | null {
  if (directory === undefined) return null;
  const fs = builtIn('node:fs');
  const join = builtIn('node:path')?.join;
  if (fs === undefined || join === undefined) {
    throw new FarthingError(
      'spool_unavailable',
      '`spool` needs a runtime with files. Leave it out here: entries then wait in memory.',
    );
  }

  const files = () => {
    try {
      return fs
        .readdirSync(directory)
        .filter((name) => fileName.test(name))
        .sort();
    } catch {
      return [];
    }
  };

  const sizeNow = () => {
    let size = 0;
    for (const name of files()) {
      // Another process that shares the spool may have sent the file meanwhile.
      size += fs.statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0;
    }
    return size;
  };

  const putNow = (lines: readonly string[]): Kept => {
    let kept = 0;
    try {
      fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
      let size = sizeNow();
      while (kept < lines.length) {
        const part = lines.slice(kept, kept + linesOfFile);
        const text = `${part.join('\n')}\n`;
        size += text.length;
        if (size > mostBytes) {
          return { kept, problem: `the spool ${directory} is full (${mostBytes} bytes)` };
        }
        putFile(join(directory, uuidAt(Date.now())), text);
        kept += part.length;
      }
      return { kept, problem: null };
    } catch (error) {
      const problem = `the spool ${directory} cannot be written: ${(error as Error).message}`;
      return { kept, problem };
    }
  };

  /** A full disk must not keep the part that it took. */
  const putFile = (name: string, text: string) => {
    try {
      fs.writeFileSync(`${name}.part`, text, { mode: 0o600, flush: true } as object);
      fs.renameSync(`${name}.part`, `${name}.jsonl`);
    } catch (error) {
      fs.rmSync(`${name}.part`, { force: true });
      throw error;
    }
  };

  return {
    putNow,
    // Files of a thousand lines are written in a few milliseconds, and only while the remote is dead.
    put: (lines) => Promise.resolve(putNow(lines)),
    next: () => Promise.resolve(nextFile()),
  };

  function removed(path: string): string | null {
    try {
      fs!.rmSync(path, { force: true });
      return null;
    } catch (error) {
      return `a file of the spool was sent and cannot be removed: ${(error as Error).message}.`;
    }
  }

  function nextFile(): SpooledFile | null {
    for (const name of files()) {
      const path = join!(directory!, name);
      try {
        const lines = fs!.readFileSync(path, 'utf8').split('\n').filter(isWhole);
        return {
          lines,
          remove: () => Promise.resolve(removed(path)),
        };
      } catch {
        // Another process has sent it meanwhile.
      }
    }
    return null;
  }
}

function isWhole(line: string): boolean {
  if (line === '') return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
