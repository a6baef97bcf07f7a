import { mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Which process a file under `<data>/run` announces. */
export type Announced = 'control' | 'gateway';

/**
 * How commands find what runs on a data directory: `<data>/run/control.json` and `gateway.json`,
 * written when the process listens and removed when it stops.
 */
export interface ControlFile {
  pid: number;
  /** Where it answers, e.g. `http://127.0.0.1:4142`. */
  url: string;
  version: string;
  started_at: string;
}

export function controlFilePath(dataDirectory: string, process: Announced = 'control'): string {
  return join(dataDirectory, 'run', `${process}.json`);
}

/** Replaces the file in one step, so that no reader ever sees half of it. */
export function writeControlFile(
  dataDirectory: string,
  control: ControlFile,
  announced: Announced = 'control',
): void {
  const path = controlFilePath(dataDirectory, announced);
  mkdirSync(join(dataDirectory, 'run'), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(control)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

/** The control plane that last announced itself, alive or not; null when none did or the file is damaged. */
export function readControlFile(
  dataDirectory: string,
  announced: Announced = 'control',
): ControlFile | null {
  try {
    const path = controlFilePath(dataDirectory, announced);
    const value = JSON.parse(readFileSync(path, 'utf8')) as unknown;
    if (typeof value !== 'object' || value === null) return null;
    const { pid, url, version, started_at } = value as Partial<ControlFile>;
    if (typeof pid !== 'number' || typeof url !== 'string') return null;
    return { pid, url, version: String(version ?? ''), started_at: String(started_at ?? '') };
  } catch {
    return null;
  }
}

/** Removes the file, unless another control plane has announced itself since. */
export function removeControlFile(
  dataDirectory: string,
  announced: Announced = 'control',
  pid: number = process.pid,
): void {
  if (readControlFile(dataDirectory, announced)?.pid !== pid) return;
  try {
    unlinkSync(controlFilePath(dataDirectory, announced));
  } catch {
    // Already gone.
  }
}

/** Whether a process with this id runs on this machine, whoever owns it. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
