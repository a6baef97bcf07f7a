// Runs in a thread of its own: counts tokens of texts that it is sent, one request after the other.
import { parentPort } from 'node:worker_threads';
import type { Encoding } from '@farthing/core';
import { countTexts, loadEncoding, type TextCount } from './count-texts.js';

/** What the thread is sent. */
export interface TokenizerTask {
  encoding: Encoding;
  texts: readonly string[];
}

parentPort?.on('message', ({ encoding, texts }: TokenizerTask) => {
  void loadEncoding(encoding).then((count) => {
    const answer: TextCount = countTexts(texts, count);
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
    parentPort?.postMessage(answer);
  });
});
