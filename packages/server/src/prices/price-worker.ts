// Runs in a thread of its own: reads one large price file, answers, and ends.
import { parentPort, workerData } from 'node:worker_threads';
import {
  FarthingError,
  overlayLayer,
  PriceBook,
  readPriceFile,
  ruleLayer,
  type PriceFile,
} from '@farthing/core';
import { snapshotLayer } from '@farthing/core/prices';
import { parsePriceText } from './parse-price-text.js';
import type { PlainLayer } from './read-large-file.js';

/** What the thread is given. */
export interface PriceWorkerTask {
  text: string;
  name: string;
  /** The layers that are not built in: `same_as` may name their models. */
  others: PlainLayer[];
  /** Whether the base that came with Farthing is in use, and not a refreshed one. */
  bundledBase: boolean;
}

export type PriceWorkerAnswer =
  | { file: PriceFile }
  | { refusal: { code: string; message: string } };

function answer({ text, name, others, bundledBase }: PriceWorkerTask): PriceWorkerAnswer {
  const known = new PriceBook([
    ...(bundledBase ? [snapshotLayer()] : []),
    overlayLayer(),
    ...others.map(({ kind, book, rules, tools }) => ruleLayer(kind, book, rules, tools)),
  ]);
  try {
    return { file: readPriceFile(parsePriceText(text), name, known) };
  } catch (error) {
    if (!FarthingError.isInstance(error)) throw error;
    const { code, message } = error as FarthingError;
    return { refusal: { code, message } };
  }
}

// eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
parentPort?.postMessage(answer(workerData as PriceWorkerTask));
