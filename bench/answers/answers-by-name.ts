import * as registered from '../../packages/server/src/answers/index.js';
import type { Answer } from '../../packages/server/src/answers/index.js';

/** Every answer that the product has, by its name: what is new is measured without being named here. */
export const answersByName: ReadonlyMap<string, Answer<unknown, unknown>> = new Map(
  Object.values(registered as Record<string, unknown>)
    .filter(isAnswer)
    .map((answer) => [answer.name, answer]),
);

function isAnswer(value: unknown): value is Answer<unknown, unknown> {
  return typeof value === 'object' && value !== null && 'build' in value && 'parameters' in value;
}
