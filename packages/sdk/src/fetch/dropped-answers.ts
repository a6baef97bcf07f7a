import { backgroundTimer } from '../platform.js';
import type { Answer } from './answer.js';

/** Calls whose answer was dropped unread, or half read, are booked when their response is collected. */
const registry =
  typeof FinalizationRegistry === 'undefined'
    ? null
    : new FinalizationRegistry<Answer>((answer) => answer.letGo());

/**
 * Answers of a moment ago. Nearly all are read at once: the registry gets those alone that are not.
 */
const fresh = new Map<Response, Answer>();
const patience = 100;
const mostFresh = 1_000;
let isWaiting = false;

/** Books the call as left when nobody can read this response any more. */
export function watchForDrop(response: Response, answer: Answer): void {
  answer.hold();
  if (registry === null) return;
  fresh.set(response, answer);
  if (fresh.size >= mostFresh) register();
  if (isWaiting) return;
  isWaiting = true;
  backgroundTimer(() => {
    isWaiting = false;
    register();
  }, patience);
}

/** The answer has ended: nothing is to be booked any more. */
export function unwatch(response: Response): void {
  if (!fresh.delete(response)) registry?.unregister(response);
}

function register(): void {
  for (const [response, answer] of fresh) registry?.register(response, answer, response);
  fresh.clear();
}
