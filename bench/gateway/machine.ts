import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

/** A tool that is absent, with the Debian package that brings it. */
const packages = {
  gcc: 'gcc libc6-dev',
  wrk: 'wrk',
  taskset: 'util-linux',
  setpriv: 'util-linux',
  nginx: 'nginx-light',
} as const;
type Tool = keyof typeof packages;

/** Debian puts nginx in /usr/sbin, which is not on every user's PATH. */
const searchPath = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;

export function findTool(tool: Tool): string | undefined {
  try {
    return execFileSync('sh', ['-c', `command -v ${tool}`], {
      env: { ...process.env, PATH: searchPath },
      encoding: 'utf8',
    }).trim();
  } catch {
    return undefined;
  }
}

export function howToInstall(tools: readonly Tool[]): string {
  const names = [...new Set(tools.flatMap((tool) => packages[tool].split(' ')))];
  return `apt-get install --no-install-recommends ${names.join(' ')}`;
}

/** The first line that a command prints on either stream, for the record of versions. */
export function firstLineOf(command: string, ...parameters: string[]): string {
  try {
    const script = '"$@" 2>&1 | head -n 1';
    return execFileSync('sh', ['-c', script, 'sh', command, ...parameters], {
      encoding: 'utf8',
    }).trim();
  } catch {
    return 'unknown';
  }
}

/** The cores this process may use, read before it pins itself. */
export function allowedCores(): number[] {
  const list = /^Cpus_allowed_list:\s*(.+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return (list ?? '0').split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** Moves the bench itself, and with it all that it starts unpinned, to one core. */
export function pinSelf(core: number): void {
  execFileSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)]);
}

export interface Machine {
  cpu: string;
  cores: number;
  memory_gb: number;
  kernel: string;
  node: string;
  wrk: string;
  gcc: string;
  commit: string;
}

export function describeMachine(): Machine {
  const dirty = firstLineOf('git', 'status', '--porcelain', '--untracked-files=no') !== '';
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    wrk: firstLineOf('wrk', '-v').replace(/ Copyright.*/, ''),
    gcc: firstLineOf('gcc', '--version'),
    commit: firstLineOf('git', 'rev-parse', '--short', 'HEAD') + (dirty ? ' + changes' : ''),
  };
}
