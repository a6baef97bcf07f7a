import { FarthingError } from '@farthing/core';
import { CommanderError } from 'commander';
import type { CliOutput } from '../context.js';
import { printable } from './table.js';

/** Documented in the README: 0 done, 1 failed or something is wrong, 2 the command line is wrong. */
export const exitCodes = { ok: 0, failure: 1, usage: 2 } as const;

const usageCodes = /^(invalid|unknown)_|^usage$/;

/** A command line that cannot be carried out as written. */
export function usageError(message: string): FarthingError {
  return new FarthingError('usage', message);
}

/**
 * Turns whatever a command threw into a line on standard error and an exit code. Commander has
 * already printed its own complaints, and help is no failure.
 */
export function reportFailure(error: unknown, output: CliOutput): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  const message = error instanceof Error ? error.message : String(error);
  // A message may repeat what came from outside; its lines are kept.
  output.note(`farthing: ${message.split('\n').map(printable).join('\n')}`);
  return FarthingError.isInstance(error) && usageCodes.test(error.code)
    ? exitCodes.usage
    : exitCodes.failure;
}
