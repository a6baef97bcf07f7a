import { createHmac, hash } from 'node:crypto';
import type { TurnHash } from '@farthing/core';

/**
 * SHA-256 over a key and the text, 48 bits of it. The key is made from the data directory's secret, so that
 * nobody without the secret can test a guess at what a run has said.
 */
export function turnHash(secret: Buffer): TurnHash {
  const key = createHmac('sha256', secret).update('run-turns').digest('base64');
  return (text) => Number.parseInt(hash('sha256', key + text, 'hex').slice(0, 12), 16);
}
