import { fork, type ChildProcess } from 'node:child_process';
import type { Logger } from 'pino';
import type { ChildMessage } from './running.js';

export interface Supervised {
  /** Resolves with the child's URL when it first listens; rejects when its first start fails. */
  ready: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Runs a command of this program in a process of its own and starts it again when it dies, with a
 * growing pause. A first start that fails is final: its reason is a mistake somebody must fix.
 */
export function supervise(options: {
  name: string;
  program: string;
  commandLine: string[];
  environment: Record<string, string | undefined>;
  log: Logger;
}): Supervised {
  const { name, program, commandLine, environment, log } = options;
  let child: ChildProcess;
  let stopping = false;
  let listened = false;
  let pause = 250;
  let restart: NodeJS.Timeout | null = null;
  let settle: { resolve: (url: string) => void; reject: (error: Error) => void };
  const ready = new Promise<string>((resolve, reject) => (settle = { resolve, reject }));

  const start = () => {
    let failure: string | null = null;
    child = fork(program, commandLine, {
      env: environment,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.on('message', (message: ChildMessage) => {
      if (message.type === 'failed') failure = message.message;
      else {
        listened = true;
        pause = 250;
        settle.resolve(message.url);
      }
    });
    child.once('exit', (code, signal) => {
      if (stopping) return;
      if (!listened) {
        settle.reject(new Error(failure ?? `${name} stopped at its start (${signal ?? code})`));
        return;
      }
      log.error(
        { process: name, code, signal, again_in_ms: pause },
        'process died; starting it again',
      );
      restart = setTimeout(start, pause);
      pause = Math.min(pause * 2, 10_000);
    });
  };
  start();

  return {
    ready,
    async stop() {
      stopping = true;
      if (restart !== null) clearTimeout(restart);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await exited;
    },
  };
}
