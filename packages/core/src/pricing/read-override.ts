import { FarthingError } from '../errors.js';
import { isFields } from '../usage/fields.js';
import { arrangeRules } from './price-file/arrange-rules.js';
import { sentence } from './price-file/problems.js';
import { readRow } from './price-file/read-row.js';
import type { PriceRule } from './price-rows.js';

/** The call that an override stands beside, for what it does not name itself. */
export interface OverrideSubject {
  provider: string;
  model: string;
}

/**
 * Reads a user's own price, one row or a list of them, as in a price file (docs/price-files.md):
 *
 * - `{ rates_per_mtok: { input, output, cache_read, … }, effective_from?, effective_to? }`
 * - `{ unit: "gpu_hour", rate }`: a self-hosted model, paid by time.
 * - `{ discount: "0.15" }`: off list, on everything, applied last.
 *
 * `provider` and `model` default to the call's own; a discount without `model` is for all models.
 * Amounts are decimal strings in USD. Throws `invalid_override` that names every field and its fix.
 */
export function readOverride(value: unknown, subject: OverrideSubject): PriceRule[] {
  const problems: string[] = [];
  const rules = (Array.isArray(value) ? value : [value]).flatMap((item: unknown, index) => {
    const where = Array.isArray(value) ? `override[${index}]` : 'override';
    const report = (field: string, message: string) => {
      problems.push(sentence(field === '' ? where : `${where}.${field}`, message));
    };
    if (isFields(item)) {
      return readRow(item, { ...subject, source: 'price override' }, false, report).rules;
    }
    report('', 'must be an object');
    return [];
  });
  if (problems.length > 0) throw new FarthingError('invalid_override', problems.join('\n'));
  return arrangeRules(rules);
}
