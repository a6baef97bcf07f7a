import { FarthingError } from '@farthing/core';

/** Turns what the database says into what its user can do about it; other errors pass unchanged. */
export function explainDuckDbError(error: unknown, path: string): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const explained = explain(message, path);
  return explained === null ? error : new FarthingError(...explained, { cause: error });
}

/** After such an error the database refuses everything until it is opened anew. */
export function needsReopening(error: unknown): boolean {
  return error instanceof Error && /database has been invalidated/i.test(error.message);
}

function explain(message: string, path: string): [code: string, message: string] | null {
  if (/Could not set lock on file/i.test(message)) {
    const pid = /\(PID (\d+)\)/.exec(message)?.[1];
    const holder = pid === undefined ? 'another process' : `process ${pid}`;
    return [
      'store_locked',
      `${path} is in use by ${holder}. Only one process can open it: stop that one, or ask its control plane over HTTP instead of opening the file.`,
    ];
  }
  if (/version number|newer version|more recent version|storage version/i.test(message)) {
    return [
      'store_too_new',
      `${path} was written by a newer version of Farthing's database. Nothing was changed. Upgrade Farthing, or choose another data directory.`,
    ];
  }
  if (/not a valid DuckDB database|corrupt|checksum/i.test(message)) {
    return [
      'store_damaged',
      `${path} is not a readable Farthing database (${firstLine(message)}). Restore it from a backup, or move it away: it is then booked again from the journals, which hold what \`journal.retention_days\` keeps (90 days, unless configured).`,
    ];
  }
  if (/No space left on device|disk full/i.test(message)) {
    return [
      'store_disk_full',
      `No space left for ${path}. Free some; booking then goes on by itself.`,
    ];
  }
  if (/Permission denied|Read-only file system|read-only mode/i.test(message)) {
    return [
      'store_not_writable',
      `Cannot write ${path} (${firstLine(message)}). Make its directory writable for this user, or choose another data directory.`,
    ];
  }
  if (/Out of Memory Error|failed to (pin|allocate) /i.test(message)) {
    return [
      'store_out_of_memory',
      `This needs more memory than the store may use (${firstLine(message)}). Narrow the window of a question, or raise the store's memory limit.`,
    ];
  }
  return null;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!.slice(0, 300);
}
