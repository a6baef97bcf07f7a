import { FarthingError } from '@farthing/core';
import { builtIn } from '../platform.js';
import { uuidAt } from '../uuid.js';

/** Entries on disk that could not be sent: files of JSON lines, sent oldest first. */
export interface Spool {
  /** Keeps the lines. Returns why they could not be kept, or null. */
  put(lines: readonly string[]): Promise<string | null>;
  /** Like `put`, at once: for a process that ends. */
  putNow(lines: readonly string[]): string | null;
  /** The oldest file; null when there is none. */
  next(): Promise<SpooledFile | null>;
}

export interface SpooledFile {
  lines: string[];
  remove(): Promise<void>;
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

  const putNow = (lines: readonly string[]): string | null => {
    try {
      fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
      let size = 0;
      for (const name of files()) size += fs.statSync(join(directory, name)).size;
      for (let start = 0; start < lines.length; start += linesOfFile) {
        const text = `${lines.slice(start, start + linesOfFile).join('\n')}\n`;
        size += text.length;
        if (size > mostBytes) return `the spool ${directory} is full (${mostBytes} bytes)`;
        const name = join(directory, uuidAt(Date.now()));
        fs.writeFileSync(`${name}.part`, text, { mode: 0o600, flush: true } as object);
        fs.renameSync(`${name}.part`, `${name}.jsonl`);
      }
      return null;
    } catch (error) {
      return `the spool ${directory} cannot be written: ${(error as Error).message}`;
    }
  };

  return {
    putNow,
    // Files of a thousand lines are written in a few milliseconds, and only while the remote is dead.
    put: (lines) => Promise.resolve(putNow(lines)),
    next: () => Promise.resolve(nextFile()),
  };

  function nextFile(): SpooledFile | null {
    for (const name of files()) {
      const path = join!(directory!, name);
      try {
        const lines = fs!.readFileSync(path, 'utf8').split('\n').filter(isWhole);
        return {
          lines,
          remove: () => Promise.resolve(fs!.rmSync(path, { force: true })),
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
