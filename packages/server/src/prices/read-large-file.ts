import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import {
  FarthingError,
  overlayBook,
  type PriceFile,
  type PriceLayer,
  type PriceRule,
  type ToolPrice,
} from '@farthing/core';
import { snapshotBook } from '@farthing/core/prices';
import { rulesOf } from './price-source.js';
import type { PriceWorkerAnswer, PriceWorkerTask } from './price-worker.js';

/** A layer as plain data, fit to be handed to another thread. */
export interface PlainLayer extends Pick<PriceLayer, 'kind' | 'book'> {
  rules: PriceRule[];
  tools: ToolPrice[];
}

/** A text of this many characters is read in a few milliseconds; a large price map takes half a second. */
const largestInPlace = 32 * 1024;
const workerFile = fileURLToPath(new URL('price-worker.js', import.meta.url));

/**
 * Whether a text is read in a thread of its own, so that calls do not wait meanwhile. Only a built
 * Farthing has the thread's program; from sources everything is read in place.
 */
export function isReadApart(text: string): boolean {
  return text.length > largestInPlace && existsSync(workerFile);
}

/**
 * Reads a price file in a thread of its own. Rejects as `readPriceFile` throws; with another error
 * where the thread itself failed.
 */
export function readApart(
  text: string,
  name: string,
  others: readonly PriceLayer[],
): Promise<PriceFile> {
  const task: PriceWorkerTask = {
    text,
    name,
    // What is built in is there, too.
    others: others
      .filter(({ book }) => book !== snapshotBook && book !== overlayBook)
      .map((layer) => ({
        kind: layer.kind,
        book: layer.book,
        rules: rulesOf(layer),
        tools: [...(layer.tools ?? [])],
      })),
    bundledBase: others.some(({ book }) => book === snapshotBook),
  };
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, { workerData: task });
    worker.once('message', (answer: PriceWorkerAnswer) => {
      if ('file' in answer) resolve(answer.file);
      else reject(new FarthingError(answer.refusal.code, answer.refusal.message));
    });
    worker.once('error', reject);
    worker.once('exit', (code) =>
      reject(new Error(`the thread that reads prices ended with code ${code}`)),
    );
  });
}
