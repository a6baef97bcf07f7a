import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileSignature } from './read-file-content.js';

const pollMilliseconds = 2_000;

/**
 * Calls back when a file may have changed: at once where the system tells, within two seconds where it
 * does not (network file systems, bind mounts, a folder that comes later). Never keeps a process alive.
 */
export function watchFile(path: string, onChange: () => void): { stop(): void } {
  let signature: string | null = null;
  let watcher: FSWatcher | null = null;
  let stopped = false;

  const look = async () => {
    watcher ??= watchFolder();
    const now = await fileSignature(path);
    if (stopped) return;
    if (signature !== null && now !== signature) onChange();
    signature = now;
  };
  const watchFolder = (): FSWatcher | null => {
    try {
      // The folder, not the file: an atomic replacement is another file under the same name.
      const opened = watch(dirname(path), { persistent: false }, (_event, name) => {
        if (name === null || name === basename(path)) void look();
      });
      opened.on('error', () => {
        opened.close();
        watcher = null;
      });
      return opened;
    } catch {
      return null;
    }
  };
  const timer = setInterval(() => void look(), pollMilliseconds);
  timer.unref();
  void look();
  return {
    stop() {
      stopped = true;
      clearInterval(timer);
      watcher?.close();
    },
  };
}
