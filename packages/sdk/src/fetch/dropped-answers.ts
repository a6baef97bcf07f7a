import { backgroundTimer } from '../platform.js';
import type { Answer } from './answer.js';

/** Calls whose answer was dropped unread, or half read, are booked when their response is collected. */
const registry =
  typeof FinalizationRegistry === 'undefined'
    ? null
    : new FinalizationRegistry<Answer>((answer) => answer.letGo());

/**
 * Answers of a moment ago, by the places that they know. Nearly all are read at once: the registry,
 * which costs more than all else here, gets those alone that are not.
 */
const fresh: ({ response: Response; answer: Answer } | null)[] = [];
const patience = 100;
const mostFresh = 1_000;
let isWaiting = false;

/** Books the call as left when nobody can read this response any more. */
export function watchForDrop(response: Response, answer: Answer): void {
  answer.hold();
  if (registry === null) return;
  if (answer.place !== null) {
    // A clone: of both, one alone has a place.
    registry.register(response, answer, response);
    return;
  }
  answer.place = fresh.push({ response, answer }) - 1;
  if (fresh.length >= mostFresh) register();
  if (isWaiting) return;
  isWaiting = true;
  backgroundTimer(() => {
    isWaiting = false;
    register();
  }, patience);
}

/** The answer has ended: nothing is to be booked any more. */
export function unwatch(response: Response, { place }: Answer): void {
  if (place === null || fresh[place]?.response !== response) {
    registry?.unregister(response);
  } else if (place === fresh.length - 1) fresh.pop();
  else fresh[place] = null;
}

function register(): void {
  for (const each of fresh) {
    if (each !== null) registry?.register(each.response, each.answer, each.response);
  }
  fresh.length = 0;
}
