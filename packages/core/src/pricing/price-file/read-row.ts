import { didYouMean, nearest } from '../../suggest.js';
import { type Fields } from '../../usage/fields.js';
import { canonicalProvider } from '../../usage/providers.js';
import { decimalOf, formatDecimal } from '../decimal.js';
import type { PriceRule, Rates } from '../price-rows.js';
import {
  compareDecimals,
  decimalField,
  longestName,
  nameField,
  noteField,
  periodFields,
  unknownKeys,
} from './fields.js';
import { conditionFieldNames, readConditions, readThreshold } from './read-conditions.js';
import type { Report } from './problems.js';
import { readRates } from './read-rates.js';

/** What a row means where it does not say so itself. */
export interface RowDefaults {
  provider?: string;
  /** For rates. A discount without a model is for all models. */
  model?: string;
  /** Where the prices stand, for the record. */
  source: string;
}

export interface RowReading {
  rules: PriceRule[];
  notes: string[];
}

const knownFields = [
  'provider',
  'model',
  'aliases',
  'same_as',
  'rates_per_mtok',
  'rates',
  'unit',
  'rate',
  'per',
  'discount',
  'threshold',
  'effective_from',
  'effective_to',
  'currency',
  'source',
  'note',
  ...conditionFieldNames,
];

/**
 * Reads one row of the user's own prices. What is wrong with it is reported, field by field; its rules
 * are of use only where nothing was.
 *
 * @param strict whether a field that is not known is wrong, or only one that is plainly a typo.
 */
export function readRow(
  fields: Fields,
  defaults: RowDefaults,
  strict: boolean,
  report: Report,
): RowReading {
  checkFieldNames(fields, strict, report);
  checkCurrency(fields, report);
  const provider = nameField(fields, 'provider', report) ?? defaults.provider;
  if (provider === undefined && fields['provider'] === undefined) {
    report('', 'needs "provider", like "openai"');
  }
  const stated = nameField(fields, 'model', report);
  const aliases = readAliases(fields, report);
  const sameAs = nameField(fields, 'same_as', report);
  const when = readConditions(fields, report);
  const threshold = readThreshold(fields, report);
  const source = noteField(fields, 'source', report) ?? defaults.source;
  const note = noteField(fields, 'note', report);
  const base = {
    provider: canonicalProvider(provider ?? ''),
    ...periodFields(fields, report),
    ...(when === undefined ? {} : { when }),
    ...(threshold === undefined ? {} : { threshold }),
    source: note === undefined ? source : `${source}: ${note}`,
  };
  const model = stated ?? defaults.model ?? '*';
  const factor = readDiscount(fields, report);
  const rates = readRates(fields, report);
  const named = aliases !== undefined || sameAs !== undefined;
  if (named && model.endsWith('*')) {
    report(sameAs === undefined ? 'aliases' : 'same_as', 'needs "model": the id it is about');
  }
  if (!named && rates === undefined && fields['discount'] === undefined) {
    const what = '"rates_per_mtok", "rates", "unit" with "rate", "discount", or "same_as"';
    report('', `needs one of ${what}`);
  }
  if (sameAs !== undefined) checkAlways(base, report);

  const rules: PriceRule[] = [];
  if (named || rates !== undefined) {
    rules.push({
      ...base,
      model,
      ...(aliases === undefined ? {} : { aliases }),
      ...(sameAs === undefined ? {} : { same_as: sameAs }),
      ...(rates === undefined ? {} : { rates }),
    });
  }
  if (factor !== undefined) {
    rules.push({ ...base, model: stated ?? '*', multiply: { all: factor } });
  }
  return { rules, notes: freeOfCharge(rates, factor) };
}

function checkFieldNames(fields: Fields, strict: boolean, report: Report): void {
  for (const key of unknownKeys(fields, knownFields)) {
    if (!strict && (key.length < 6 || nearest(key, knownFields) === null)) continue;
    report(key.slice(0, 64), `is not a field of a price.${didYouMean(key, knownFields)}`);
  }
}

/** Prices are in US dollars: a rate of exchange would be one more price that moves. */
export function checkCurrency(fields: Fields, report: Report): void {
  const currency = fields['currency'];
  if (currency === undefined || currency === 'USD' || currency === 'usd') return;
  const shown = typeof currency === 'string' ? ` "${currency.slice(0, 16)}"` : '';
  report(
    'currency',
    `${shown === '' ? '' : `is${shown} and `}must be "USD": convert the rates and leave it out`,
  );
}

function readAliases(fields: Fields, report: Report): string[] | undefined {
  const value = fields['aliases'];
  if (value === undefined || value === null) return undefined;
  const names = Array.isArray(value) ? value : [];
  if (
    names.length > 0 &&
    names.every(
      (name): name is string =>
        typeof name === 'string' && name.trim() !== '' && name.length <= longestName,
    )
  ) {
    return names;
  }
  report('aliases', 'must be a list of model ids, like ["our-model", "our-model-latest"]');
  return undefined;
}

/** `"0.15"` off is a factor of 0.85. */
function readDiscount(fields: Fields, report: Report): string | undefined {
  if (fields['discount'] === undefined) return undefined;
  const discount = decimalField(fields, 'discount', report);
  if (discount === undefined) return undefined;
  const { numerator, digits } = decimalOf(discount);
  const one = 10n ** BigInt(digits);
  if (numerator > one) {
    const percent = compareDecimals(discount, '100') <= 0;
    const instead = formatDecimal({ numerator, digits: digits + 2 });
    const hint = percent ? `: write "${instead}" for ${discount} %` : '';
    report('discount', `must lie between "0" and "1"${hint}`);
    return undefined;
  }
  return formatDecimal({ numerator: one - numerator, digits });
}

function checkAlways(rule: Omit<PriceRule, 'model'>, report: Report): void {
  if (rule.from === undefined && rule.to === undefined && !rule.when && !rule.threshold) return;
  report(
    'same_as',
    'holds always and for every call: put dates and conditions on a row of their own',
  );
}

function freeOfCharge(rates: Rates | undefined, factor: string | undefined): string[] {
  if (factor === '0') return ['a discount of 1 makes everything free of charge'];
  const { input, output } = rates ?? {};
  const free = input !== undefined && output !== undefined;
  return free && isZero(input) && isZero(output)
    ? ['input and output cost 0: calls are booked as free of charge, not as unknown']
    : [];
}

function isZero(rate: string): boolean {
  return decimalOf(rate).numerator === 0n;
}
