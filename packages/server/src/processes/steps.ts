import type { Logger } from 'pino';

/**
 * Does one step after the other, by name. A step that fails is logged and does not keep the next ones
 * from being done: a stop must close what can be closed. Rejects with the first failure at the end.
 */
export async function inOrder(log: Logger, steps: Record<string, () => unknown>): Promise<void> {
  let failure: unknown = null;
  for (const [name, step] of Object.entries(steps)) {
    try {
      await step();
    } catch (error) {
      failure ??= error;
      log.error({ step: name, reason: (error as Error).message }, 'stopping: a step failed');
    }
  }
  if (failure !== null) throw failure;
}

/** Repeats work at an interval, never twice at once; a failure is logged and the next turn tries again. */
export function repeat(milliseconds: number, log: Logger, work: () => Promise<unknown>) {
  let running = false;
  const turn = async () => {
    if (running) return;
    running = true;
    try {
      await work();
    } catch (error) {
      log.error({ reason: (error as Error).message }, 'background work failed');
    }
    running = false;
  };
  const timer = setInterval(() => void turn(), milliseconds);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
