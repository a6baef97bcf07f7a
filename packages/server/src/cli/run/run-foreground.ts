import { FarthingError } from '@farthing/core';
import { stopOnSignal, tellParent, type Running } from '../../processes/running.js';

/** Starts a part of Farthing and keeps it running; tells the parent process how the start went. */
export async function runForeground(start: () => Promise<Running>): Promise<void> {
  let running: Running;
  try {
    running = await start();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = FarthingError.isInstance(error) ? error.code : 'failed';
    tellParent({ type: 'failed', code, message });
    // A child leaves the explanation to its parent, which says it once.
    if (process.send !== undefined) process.exit(1);
    throw error;
  }
  tellParent({ type: 'listening', url: running.url });
  stopOnSignal(running, (error) => {
    console.error(`farthing: ${error instanceof Error ? error.message : String(error)}`);
  });
}
