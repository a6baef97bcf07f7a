import { existsSync, readFileSync } from 'node:fs';
import type { CallContext, Cost } from '@farthing/core';

/** One line of the corpus: an answer as a provider, a framework or a log gives it, and what it cost. */
export interface CorpusCase {
  id: string;
  provider: string;
  model: string;
  api: string;
  date: string;
  /** What no answer carries; `override` is a price of the user's own. */
  context?: CallContext & { override?: unknown };
  /** The payload: the whole answer, `{ events }` for a stream, `{ lines }` for a log. */
  usage: unknown;
  expected: Expected;
  /** Set where sources disagree about the right figure: why. */
  disputed?: string;
}

/** Counts by name, and the cost: a decimal string in USD, null where it cannot be known. */
export interface Expected {
  cost_usd: string | null;
  status: Cost['status'];
  [count: string]: number | string | null | undefined;
}

/** The corpus lies beside the repository and is no part of it. */
const place = new URL('../../../shared/corpus/usage-conformance.jsonl', import.meta.url);

/** All cases, in the corpus' order. Throws where the corpus is not there. */
export function readCorpus(): CorpusCase[] {
  if (!existsSync(place)) {
    throw new Error(
      'This benchmark needs ../shared/corpus/usage-conformance.jsonl beside the repository.',
    );
  }
  return readFileSync(place, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as CorpusCase);
}
