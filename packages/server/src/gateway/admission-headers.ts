import type { Admission } from './admission.js';
import { headerText } from './header-text.js';

const none: string[] = [];

/**
 * What the caller is told about budgets beside the answer, names and values in turn: warnings, and
 * what was changed so that the call fits. `maxOutput`: the limit of output tokens that went out.
 */
export function admissionHeaders(
  { decision, changes }: Admission,
  maxOutput: number | null,
): string[] {
  if (changes === null && (decision === null || decision.warnings.length === 0)) return none;
  const headers: string[] = [];
  const warnings = decision === null ? [] : [...decision.warnings];
  if (changes?.truncated === true) warnings.push('the oldest part of the history was left out');
  if (warnings.length > 0) {
    headers.push('x-farthing-budget-warning', headerText(warnings.join('; ')));
  }
  if (changes?.model !== undefined) headers.push('x-farthing-model', headerText(changes.model));
  if (changes?.maxOutput !== undefined && maxOutput !== null) {
    headers.push('x-farthing-max-output', String(maxOutput));
  }
  return headers;
}
