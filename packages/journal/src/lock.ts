import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Who holds a journal. `started` tells a process from a later one with the same pid. */
export interface LockHolder {
  pid: number;
  host: string;
  started: string | null;
}

export interface Lock {
  release(): void;
}

/**
 * Takes the lock of a journal's directory, or returns the live process that holds it.
 * A lock whose holder is dead on this host is taken over; one held on another host (a shared
 * file system) is always respected, because its holder cannot be seen from here.
 */
export function takeLock(directory: string): Lock | LockHolder {
  const path = join(directory, 'lock');
  const own: LockHolder = {
    pid: process.pid,
    host: hostname(),
    started: processStart(process.pid),
  };
  const text = JSON.stringify(own);
  const draft = join(directory, `lock.${process.pid}.${Math.random().toString(36).slice(2)}`);
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        linkSync(draft, path);
        return { release: () => releaseLock(path, text) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = readLock(directory);
      if (holder !== null && isAlive(holder)) return holder;
      discardStale(path, draft, holder);
    }
    return readLock(directory) ?? own;
  } finally {
    unlinkSync(draft);
  }
}

/** The process named in a journal's lock, alive or not; null when there is no readable lock. */
export function readLock(directory: string): LockHolder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(join(directory, 'lock'), 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value)) return null;
    return value as LockHolder;
  } catch {
    return null;
  }
}

export function isAlive(holder: LockHolder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const started = processStart(holder.pid);
  return started === null || holder.started === null || started === holder.started;
}

/**
 * Moves a dead holder's lock aside. Two processes may get here at once; the one that finds that it
 * moved a fresh lock puts it back.
 */
function discardStale(path: string, draft: string, stale: LockHolder | null): void {
  const aside = `${draft}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    const moved = readFileSync(aside, 'utf8');
    if (stale !== null && moved !== JSON.stringify(stale)) linkSync(aside, path);
  } finally {
    unlinkSync(aside);
  }
}

function releaseLock(path: string, text: string): void {
  try {
    if (readFileSync(path, 'utf8') === text) unlinkSync(path);
  } catch {
    // Already gone: nothing is held any more, which is what was asked for.
  }
}

/** Linux tells when a process started (field 22 of its stat); elsewhere the pid alone must do. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
