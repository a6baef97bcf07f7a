import { FarthingError } from '../errors.js';
import { parseDecimal } from '../money.js';
import { isFields, type Fields } from '../usage/fields.js';
import { canonicalProvider } from '../usage/providers.js';
import { decimalOf, formatDecimal } from './decimal.js';
import type { PriceRule } from './price-rows.js';
import { isRateUnit, isTokenUnit, type RateUnit } from './rate-units.js';

/** The call that an override stands beside, for what it does not name itself. */
export interface OverrideSubject {
  provider: string;
  model: string;
}

/**
 * Reads a user's own price, one or a list of:
 *
 * - `{ rates_per_mtok: { input, output, cache_read, … }, effective_from?, effective_to? }`
 * - `{ unit: "gpu_hour", rate }`: a self-hosted model, paid by time.
 * - `{ discount: "0.15" }`: off list, on everything, applied last.
 *
 * `provider` and `model` default to the call's own; a discount without `model` is for all models.
 * Amounts are decimal strings in USD. Throws `invalid_override` with the field and the fix.
 */
export function readOverride(value: unknown, subject: OverrideSubject): PriceRule[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((item: unknown, index) => {
    const where = Array.isArray(value) ? `override[${index}]` : 'override';
    if (!isFields(item)) throw invalid(where, 'must be an object');
    return readOne(item, where, subject);
  });
}

function readOne(fields: Fields, where: string, subject: OverrideSubject): PriceRule {
  const base = {
    provider: canonicalProvider(textAt(fields, 'provider', where) ?? subject.provider),
    model: textAt(fields, 'model', where) ?? subject.model,
    ...timeAt(fields, 'effective_from', 'from', where),
    ...timeAt(fields, 'effective_to', 'to', where),
    source: 'price override',
  };
  if (fields['discount'] !== undefined) {
    const model = textAt(fields, 'model', where) ?? '*';
    const factor = remainder(decimalAt(fields, 'discount', where), `${where}.discount`);
    return { ...base, model, multiply: { all: factor } };
  }
  if (fields['unit'] !== undefined) {
    if (fields['unit'] !== 'gpu_hour') throw invalid(`${where}.unit`, 'must be "gpu_hour"');
    return { ...base, rates: { gpu_seconds: decimalAt(fields, 'rate', where) } };
  }
  const stated = fields['rates_per_mtok'];
  if (!isFields(stated)) {
    throw invalid(where, 'needs one of "rates_per_mtok", "unit" with "rate", or "discount"');
  }
  const rates: Partial<Record<RateUnit, string>> = {};
  for (const unit of Object.keys(stated)) {
    if (!isRateUnit(unit) || !isTokenUnit(unit)) {
      throw invalid(
        `${where}.rates_per_mtok.${unit}`,
        'is not a kind of token: try input, output, cache_read',
      );
    }
    rates[unit] = decimalAt(stated, unit, `${where}.rates_per_mtok`);
  }
  return { ...base, rates };
}

function remainder(discount: string, where: string): string {
  const { numerator, digits } = decimalOf(discount);
  const one = 10n ** BigInt(digits);
  if (numerator < 0n || numerator > one) throw invalid(where, 'must lie between "0" and "1"');
  return formatDecimal({ numerator: one - numerator, digits });
}

function decimalAt(fields: Fields, key: string, where: string): string {
  const value = fields[key];
  const text = typeof value === 'string' ? value : '';
  try {
    if (parseDecimal(text)[0] >= 0n) return text;
  } catch {
    // Falls through to the message that names the field.
  }
  throw invalid(`${where}.${key}`, 'must be a decimal string of 0 or more, like "2.50"');
}

function textAt(fields: Fields, key: string, where: string): string | undefined {
  const value = fields[key];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw invalid(`${where}.${key}`, 'must be a name');
  return value;
}

function timeAt<Name extends 'from' | 'to'>(
  fields: Fields,
  key: string,
  name: Name,
  where: string,
): { [name in Name]?: string } {
  const value = textAt(fields, key, where);
  if (value === undefined) return {};
  if (Number.isNaN(Date.parse(value))) throw invalid(`${where}.${key}`, 'must be an ISO 8601 time');
  return { [name]: value } as { [name in Name]?: string };
}

function invalid(where: string, message: string): FarthingError {
  return new FarthingError('invalid_override', `${where} ${message}.`);
}
