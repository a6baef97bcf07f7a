import { fdatasync, write } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';

const writeAt = promisify(write);
const sync = promisify(fdatasync);

/** What the journal asks of a file: append bytes, make them durable, close. Tests put a full disk behind it. */
export interface AppendFile {
  /** Appends all of `bytes`. After a failure the next call continues where the written part ends. */
  append(bytes: Buffer): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export type OpenAppendFile = (path: string) => Promise<AppendFile>;

/**
 * Creates `path`, which must not exist, and appends to it by explicit position: a write that was
 * cut short (full disk) is continued at the right byte instead of leaving a torn line behind.
 */
export const createAppendFile: OpenAppendFile = async (path) => {
  const handle = await open(path, 'wx', 0o600);
  return new PositionedFile(handle);
};

class PositionedFile implements AppendFile {
  #handle: FileHandle;
  #position = 0;
  /** How much of the buffer now being appended is on disk already. */
  #done = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async append(bytes: Buffer): Promise<void> {
    while (this.#done < bytes.length) {
      const { bytesWritten } = await writeAt(
        this.#handle.fd,
        bytes,
        this.#done,
        bytes.length - this.#done,
        this.#position,
      );
      this.#done += bytesWritten;
      this.#position += bytesWritten;
    }
    this.#done = 0;
  }

  sync(): Promise<void> {
    return sync(this.#handle.fd);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
