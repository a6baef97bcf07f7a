import { readdirSync, readFileSync } from 'node:fs';

/** Length of a tick of /proc/stat in nanoseconds: USER_HZ is 100 on every Linux that Node runs on. */
const tickNanoseconds = 10_000_000;

/** A process and its descendants. Processes that end while this looks are left out. */
export function processTree(pid: number): number[] {
  const found = [pid];
  for (let index = 0; index < found.length; index += 1) {
    const parent = found[index];
    for (const thread of entries(`/proc/${parent}/task`)) {
      const children = read(`/proc/${parent}/task/${thread}/children`);
      for (const child of children.split(' ')) if (child.trim() !== '') found.push(Number(child));
    }
  }
  return found;
}

/**
 * CPU time that a process tree has used, in nanoseconds: the scheduler's own account of every
 * thread (/proc/<pid>/task/<tid>/schedstat). /proc/<pid>/schedstat is the first thread's alone.
 */
export function treeNanoseconds(pid: number): number {
  let total = 0;
  for (const member of processTree(pid)) {
    for (const thread of entries(`/proc/${member}/task`)) {
      total += Number(read(`/proc/${member}/task/${thread}/schedstat`).split(' ')[0] ?? 0);
    }
  }
  return total;
}

/** Memory of a process tree in KB: resident now, and the sum of each process's highest so far. */
export function treeMemory(pid: number): { resident_kb: number; peak_kb: number } {
  const memory = { resident_kb: 0, peak_kb: 0 };
  for (const member of processTree(pid)) {
    const status = read(`/proc/${member}/status`);
    memory.resident_kb += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    memory.peak_kb += Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return memory;
}

/** What this process and the children it has waited for (wrk, paced) have used, in nanoseconds. */
export function ownNanoseconds(): number {
  const fields = read('/proc/self/stat').split(') ')[1]?.split(' ') ?? [];
  // utime, stime, cutime and cstime: fields 14 to 17 of proc(5), counted from the state (3).
  return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]) * tickNanoseconds, 0);
}

export interface CoreTime {
  busy: number;
  steal: number;
}

/** Time that a core was busy, and that the hypervisor took from it, in nanoseconds since boot. */
export function coreTime(core: number): CoreTime {
  const line = read('/proc/stat')
    .split('\n')
    .find((text) => text.startsWith(`cpu${core} `));
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (line ?? '')
    .split(' ')
    .slice(1)
    .map((ticks) => Number(ticks) * tickNanoseconds);
  return { busy: user + nice + system + irq + softirq, steal };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function entries(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
