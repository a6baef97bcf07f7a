import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Started {
  pid: number;
  /** Everything the process has written so far, its last 8 KB. */
  output: () => string;
  /** Ends the process and its children; resolves when it is gone. */
  stop: () => Promise<void>;
  exited: () => boolean;
  /** How it ended (`code 1`, `SIGTERM`), with its last output; for error messages. */
  ending: () => string;
}

const running = new Set<ChildProcess>();

/**
 * Starts a program pinned to one core, in a process group of its own.
 * setpriv asks the kernel to end it when the bench dies, even by SIGKILL: nothing is left behind.
 */
export function startPinned(
  core: number,
  command: string,
  parameters: readonly string[],
  environment: Record<string, string> = {},
): Started {
  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'TERM', 'taskset', '-c', String(core), command, ...parameters],
    {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    },
  );
  running.add(child);
  let written = '';
  const keep = (chunk: Buffer) => {
    written = (written + chunk.toString('utf8')).slice(-8192);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(error.message)));
  child.on('exit', () => running.delete(child));
  const exited = () => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid ?? 0,
    output: () => written,
    exited,
    ending: () => `${child.signalCode ?? `code ${child.exitCode}`}\n${written}`.trim(),
    stop: async () => {
      if (exited() || child.pid === undefined) return;
      const gone = once(child, 'exit');
      signalGroup(child, 'SIGTERM');
      const patience = AbortSignal.timeout(10_000);
      patience.addEventListener('abort', () => signalGroup(child, 'SIGKILL'));
      await gone;
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It went between the check and the signal.
  }
}

/** For the way out that cannot wait: an interrupt, or an error that nothing caught. */
export function killAll(): void {
  for (const child of running) signalGroup(child, 'SIGKILL');
}

/** A loopback port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no loopback port is free');
  return address.port;
}

/** Waits until something accepts connections on the port, or says why nothing will. */
export async function untilListening(port: number, started: Started, name: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    if (started.exited()) break;
    if (await accepts(port)) return;
    await sleep(50);
  }
  throw new Error(
    started.exited()
      ? `${name} ended at once with ${started.ending()}`
      : `${name} did not open its port in 20 s:\n${started.output()}`,
  );
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
