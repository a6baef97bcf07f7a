import { setTimeout as sleep } from 'node:timers/promises';

/** Whether the work ended in time; rejects when the work does. What did not end goes on. */
export async function within(
  milliseconds: number,
  work: Promise<unknown> | undefined,
): Promise<boolean> {
  const over = new AbortController();
  const tooLate = sleep(milliseconds, false, { signal: over.signal }).catch(() => false);
  try {
    return await Promise.race([(work ?? Promise.resolve()).then(() => true), tooLate]);
  } finally {
    over.abort();
  }
}
