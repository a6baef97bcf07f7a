import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A small file system that can really be full. Mounting one takes root on Linux, as CI has. */
export class SmallDisk {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** Null where none can be mounted. */
  static mount(directory: string, kilobytes: number): SmallDisk | null {
    try {
      mkdirSync(directory, { recursive: true });
      const size = `size=${kilobytes}k`;
      execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', directory], { stdio: 'ignore' });
      return new SmallDisk(directory);
    } catch {
      return null;
    }
  }

  /** Takes all that is free. */
  fill(): void {
    const { bavail, bsize } = statfsSync(this.directory);
    writeFileSync(this.#ballast, Buffer.alloc(Math.max(0, bavail * bsize)));
  }

  /** Gives back what `fill` took. */
  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  unmount(): void {
    execFileSync('umount', [this.directory]);
  }

  get #ballast(): string {
    return join(this.directory, 'ballast');
  }
}

/** Whether a disk can be mounted here. */
export function canMount(): boolean {
  const probe = `/tmp/farthing-mount-probe-${process.pid}`;
  const disk = SmallDisk.mount(probe, 100);
  disk?.unmount();
  rmSync(probe, { recursive: true, force: true });
  return disk !== null;
}
