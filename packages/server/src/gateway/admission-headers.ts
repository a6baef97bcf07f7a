import type { Admission } from '@farthing/core';
import type { OutgoingCall } from './outgoing-call.js';
import { headerText } from './header-text.js';

const none: string[] = [];

/**
 * What the caller is told about budgets beside the answer, names and values in turn: warnings, and
 * what was changed so that the call fits. `sentLimit`: the limit of output tokens that went out.
 */
export function admissionHeaders(
  { shape, maxOutput, warnings }: Admission,
  call: OutgoingCall,
  sentLimit: number | null,
): string[] {
  const isChanged = shape !== call.shape || maxOutput !== undefined;
  if (!isChanged && warnings.length === 0) return none;
  const headers: string[] = [];
  const sentences = call.isShortened(shape)
    ? [...warnings, 'the oldest part of the history was left out']
    : warnings;
  if (sentences.length > 0) {
    headers.push('x-farthing-budget-warning', headerText(sentences.join('; ')));
  }
  if (shape.model !== call.shape.model) headers.push('x-farthing-model', headerText(shape.model));
  if (maxOutput !== undefined && sentLimit !== null) {
    headers.push('x-farthing-max-output', String(sentLimit));
  }
  return headers;
}
