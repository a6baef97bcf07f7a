import { FarthingError } from '@farthing/core';

/** A price source that cannot be used as it is; the message is for people and names the fix. */
export function sourceProblem(message: string, cause?: unknown): FarthingError {
  return new FarthingError('price_source', message, cause === undefined ? {} : { cause });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
