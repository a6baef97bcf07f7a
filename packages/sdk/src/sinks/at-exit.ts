import { runtimeProcess } from '../platform.js';
import { settleAll } from './settle.js';

export interface LastWork {
  /** Sends what waits. */
  flush(): Promise<void>;
  /** The process ends in this very moment: only what is done at once counts. */
  lastResort(): void;
}

const works = new Set<LastWork>();
let isListening = false;

/** How long a process that was told to end waits for what is still to be sent. */
const patience = 5_000;

/**
 * Does the work when the process ends: because there is nothing left to do, by a signal, or by
 * `process.exit`. Returns how to take it back. Does nothing where there is no process.
 */
export function atExit(work: LastWork): () => void {
  works.add(work);
  listen();
  return () => {
    works.delete(work);
  };
}

/** Books at the end of the process what has ended by then, even where no sink has work to do. */
export function settleAtExit(): void {
  listen();
}

function listen(): void {
  const process = runtimeProcess();
  if (isListening || typeof process?.once !== 'function') return;
  isListening = true;
  let isFlushed = false;
  process.on('beforeExit', () => {
    settleAll();
    // Flushing keeps the process alive, which then is about to end a second time.
    if (isFlushed || works.size === 0) return;
    isFlushed = true;
    void flushAll();
  });
  process.on('exit', () => {
    settleAll();
    for (const work of works) work.lastResort();
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const onSignal = () => {
      process.off(signal, onSignal);
      // An application that handles the signal ends by itself, after its own work.
      const isOurs = process.listenerCount(signal) === 0;
      void flushAll().then(() => {
        if (!isOurs) return;
        settleAll();
        // A signal ends the process without another word.
        for (const work of works) work.lastResort();
        process.kill(process.pid, signal);
      });
    };
    // Ahead of the application's own listeners: those that it added for one time are gone afterwards.
    process.prependListener(signal, onSignal);
  }
}

async function flushAll(): Promise<void> {
  settleAll();
  const done = Promise.allSettled([...works].map((work) => work.flush()));
  const late = new Promise<void>((resolve) => setTimeout(resolve, patience).unref?.());
  await Promise.race([done, late]);
}
