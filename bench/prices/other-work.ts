import { readFileSync } from 'node:fs';

/** Milliseconds of a tick of /proc/stat: USER_HZ is 100 on every Linux that Node runs on. */
const tick = 10;

/**
 * Watches how much of a core other processes (and the hypervisor) take from now on. The function that
 * it returns gives their share of one core; 0 where there is no /proc.
 */
export function watchOtherWork(): () => number {
  const busy = busyTime();
  const own = process.cpuUsage();
  const start = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(own);
    const others = busyTime() - busy - (user + system) / 1_000;
    return Math.max(0, others) / (performance.now() - start);
  };
}

/** Milliseconds that all cores together have been busy since the machine started. */
function busyTime(): number {
  let line: string;
  try {
    line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '';
  } catch {
    return 0;
  }
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) * tick;
}
