import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import {
  FarthingError,
  type PriceFile,
  type PriceLayer,
  type PriceRule,
  type ToolPrice,
} from '@farthing/core';
import { rulesOf } from './price-source.js';
import type { PriceWorkerAnswer, PriceWorkerTask } from './price-worker.js';

/** A layer as plain data, fit to be handed to another thread. */
export interface ConfiguredLayer {
  book: string;
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
  configured: readonly PriceLayer[],
): Promise<PriceFile> {
  const task: PriceWorkerTask = {
    text,
    name,
    configured: configured.map((layer) => ({
      book: layer.book,
      rules: rulesOf(layer),
      tools: [...(layer.tools ?? [])],
    })),
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
