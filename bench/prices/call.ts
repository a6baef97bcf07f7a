import { pricedModel, readUsage, type UsageReading } from '@farthing/core';
import type { CorpusCase } from './corpus.js';
import { plainAnswer } from './plain-answer.js';

/** One case with all that a package may want to be fed with. */
export interface Call {
  case: CorpusCase;
  /** The answer as an official SDK hands it to its caller: stream assembled, batch line opened. */
  answer: unknown;
  /** Farthing's reading, for packages that only multiply, and the model that it resolves to. */
  reading: UsageReading;
  model: string | null;
}

export function toCall(entry: CorpusCase): Call {
  const { provider, api, usage: payload, context, model: requested } = entry;
  const reading = readUsage({
    provider,
    api,
    payload,
    ...(context === undefined ? {} : { context }),
  });
  return {
    case: entry,
    answer: plainAnswer(payload),
    reading,
    model: pricedModel({ provider, requested, answered: reading.model }),
  };
}
