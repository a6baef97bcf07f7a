/** A part of Farthing that runs in this process until it is told to stop. */
export interface Running {
  url: string;
  /** Finishes what is under way, flushes, and releases everything. */
  stop(): Promise<void>;
}

/** What a child tells the process that started it (`farthing up`). */
export type ChildMessage =
  | { type: 'listening'; url: string }
  | { type: 'failed'; code: string; message: string };

/**
 * Keeps the process alive until SIGTERM, SIGINT or the death of the parent that started it, then
 * stops in order. A second signal exits at once.
 */
export function stopOnSignal(running: Running, onError: (error: unknown) => void): void {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(130);
    stopping = true;
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        onError(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  if (process.send === undefined) {
    process.on('SIGINT', stop);
  } else {
    // Ctrl-C reaches the whole process group; the parent will say when it is this process's turn.
    process.on('SIGINT', () => {});
    process.on('disconnect', stop);
  }
}

/** Tells the parent, where there is one. */
export function tellParent(message: ChildMessage): void {
  process.send?.(message);
}
