import { statSync, watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';

/** Where the system tells nothing (network drives), files are looked at as often. */
const pollMilliseconds = 2000;
/** Lines come in bursts; they are read together. */
const settleMilliseconds = 100;

/**
 * Yields whenever something may have changed at or below the paths, and every two seconds in any case.
 * Ends when the signal is aborted.
 */
export async function* watchFiles(
  paths: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<void> {
  const isOver = () => signal?.aborted === true;
  let wake: (() => void) | null = null;
  let changed = false;
  const onChange = () => {
    changed = true;
    wake?.();
  };
  const watchers = paths.flatMap((path) => startWatcher(path, onChange) ?? []);
  signal?.addEventListener('abort', onChange, { once: true });
  try {
    while (!isOver()) {
      if (!changed) await wait(pollMilliseconds, (resolve) => (wake = resolve));
      wake = null;
      if (isOver()) return;
      if (changed) await wait(settleMilliseconds);
      changed = false;
      yield;
    }
  } finally {
    signal?.removeEventListener('abort', onChange);
    for (const watcher of watchers) watcher.close();
  }
}

/** Resolves after a while, or when it is told to. */
function wait(milliseconds: number, onStart?: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    onStart?.(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function startWatcher(path: string, onChange: () => void): FSWatcher | null {
  try {
    const isDirectory = statSync(path).isDirectory();
    // A file that is replaced is another one: its directory tells.
    const watcher = watch(isDirectory ? path : dirname(path), { recursive: isDirectory }, onChange);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
