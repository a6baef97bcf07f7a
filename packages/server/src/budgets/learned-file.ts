import { readFileSync, renameSync } from 'node:fs';
import { readEstimatorState, type Estimator, type EstimatorState } from '@farthing/core';
import { replaceFile } from '../files/replace-file.js';
import type { BudgetLog } from './budget-files.js';

/**
 * What was learned of calls up to the last start. A file that is damaged is put aside and said once:
 * estimates then begin anew, and no call is harmed.
 */
export function readLearned(path: string, log: BudgetLog): EstimatorState | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      log.warn({ reason: (error as Error).message }, 'what was learned of calls cannot be read');
    }
    return undefined;
  }
  const state = parse(text);
  if (state !== null) return state;
  const aside = `${path}.damaged`;
  try {
    renameSync(path, aside);
  } catch {
    // It stays where it is, and the next writing replaces it.
  }
  log.warn({ kept_as: aside }, 'what was learned of calls is damaged: estimates begin anew');
  return undefined;
}

/** For commands: what the gateway has learned, without touching anything. */
export function peekLearned(path: string): EstimatorState | undefined {
  try {
    return parse(readFileSync(path, 'utf8')) ?? undefined;
  } catch {
    return undefined;
  }
}

export async function writeLearned(path: string, estimator: Estimator): Promise<void> {
  await replaceFile(path, `${JSON.stringify(estimator.state())}\n`);
}

function parse(text: string): EstimatorState | null {
  try {
    return readEstimatorState(JSON.parse(text));
  } catch {
    return null;
  }
}
