import type { OpenSource } from './open-sources.js';
import { watchFile } from './watch-file.js';

const retryMilliseconds = 30_000;

/**
 * Whether a start has to wait for a look at the source. Files always; a URL only where there is no copy
 * of it: a start must not depend on other machines more than it has to.
 */
export function needsCheckAtStart({ source, path }: OpenSource): boolean {
  return path !== null || source.loadedAt === null;
}

/**
 * Looks at a source again whenever it may have changed: a file when the system tells or its state
 * differs, a URL each interval. While there is a problem, also every half minute (URLs: ever more
 * seldom, up to the interval). Returns what stops it.
 */
export function keepChecking(
  { source, path }: OpenSource,
  refreshMilliseconds: number,
): () => void {
  if (path !== null) {
    const watcher = watchFile(path, () => void source.check());
    const retry = setInterval(() => {
      if (source.hasProblem) void source.check();
    }, retryMilliseconds);
    retry.unref();
    return () => {
      watcher.stop();
      clearInterval(retry);
    };
  }
  let failures = 0;
  let timer: NodeJS.Timeout;
  let stopped = false;
  const plan = () => {
    const soon = retryMilliseconds * 2 ** Math.min(failures - 1, 20);
    const pause = failures === 0 ? refreshMilliseconds : Math.min(soon, refreshMilliseconds);
    timer = setTimeout(() => void look(), pause);
    timer.unref();
  };
  const look = async () => {
    await source.check();
    failures = source.hasProblem ? failures + 1 : 0;
    if (!stopped) plan();
  };
  // A copy from an earlier run is in use already; what it has missed is fetched meanwhile.
  if (source.loadedAt === null) plan();
  else void look();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
