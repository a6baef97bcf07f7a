import type { PostAnswer } from '../../webhook/index.js';
import { SinkBusy, SinkRefused } from './sink.js';

/**
 * What an answer that is no success means: a pause that is asked for, something that passes, or a
 * refusal. `word` is what the other side says of it, where that is known to be no secret.
 */
export function failureOf(answer: PostAnswer, word = ''): Error {
  const message = word === '' ? answer.summary : `${answer.summary}: ${word}`;
  if (!answer.mayPass) return new SinkRefused(message);
  return answer.retryAfterMilliseconds === null
    ? new Error(message)
    : new SinkBusy(message, answer.retryAfterMilliseconds);
}
