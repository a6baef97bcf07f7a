import { didYouMean } from '../../suggest.js';
import { isFields, type Fields } from '../../usage/fields.js';
import { decimalOf, formatDecimal, multiplyDecimals } from '../decimal.js';
import type { Rates } from '../price-rows.js';
import { isRateUnit, isTokenUnit, perUnits, type RateUnit } from '../rate-units.js';
import { compareDecimals, decimalField, unknownKeys } from './fields.js';
import type { Report } from './problems.js';

/** No provider asks more than this for a million tokens, or for any other unit as it is published. */
export const highestRate = '10000';

/** Characters of a rate that is still one. */
export const longestRate = 40;

const tokenUnits = (Object.keys(perUnits) as RateUnit[]).filter(isTokenUnit);
const allUnits = Object.keys(perUnits) as RateUnit[];

/** Other names of units in `unit:`, with how many of the unit they are. */
const namedUnits: Readonly<Record<string, readonly [unit: RateUnit, count: number]>> = {
  gpu_hour: ['gpu_seconds', 3_600],
  audio_hour: ['audio_seconds', 3_600],
  audio_minute: ['audio_seconds', 60],
};

/** All rates that a row states, whichever way it does. */
export function readRates(fields: Fields, report: Report): Rates | undefined {
  const rates: Partial<Record<RateUnit, string>> = {};
  let stated = false;
  for (const key of ['rates_per_mtok', 'rates'] as const) {
    const group = fields[key];
    if (group === undefined) continue;
    stated = true;
    if (isFields(group)) readGroup(group, key, rates, report);
    else report(key, 'must be an object of units and rates, like { input: "2.50", output: "10" }');
  }
  if (fields['unit'] !== undefined) {
    stated = true;
    readUnit(fields, rates, report);
  } else if (fields['rate'] !== undefined) {
    report('rate', 'needs "unit" beside it, like "gpu_hour"');
  }
  return stated ? rates : undefined;
}

function readGroup(
  group: Fields,
  key: 'rates_per_mtok' | 'rates',
  rates: Partial<Record<RateUnit, string>>,
  report: Report,
): void {
  const units = key === 'rates' ? allUnits : tokenUnits;
  const names = Object.keys(group);
  if (names.length === 0) report(key, 'is empty: state at least one rate');
  for (const name of unknownKeys(group, allUnits)) {
    const what = key === 'rates' ? 'unit' : 'kind of token';
    const hint = didYouMean(name, units) || ' Known are input, output, cache_read, …';
    report(`${key}.${name.slice(0, 64)}`, `is not a ${what}.${hint}`);
  }
  for (const name of names) {
    const where = `${key}.${name}`;
    if (!isRateUnit(name)) continue;
    if (key === 'rates_per_mtok' && !isTokenUnit(name)) {
      report(where, `is not a kind of token: state it under "rates", per ${perUnits[name]}`);
      continue;
    }
    if (rates[name] !== undefined) report(where, 'is stated twice in the row');
    const rate = decimalField(group, name, report, where);
    if (rate === undefined) continue;
    checkHighest(rate, name, where, report);
    rates[name] = rate;
  }
}

function readUnit(fields: Fields, rates: Partial<Record<RateUnit, string>>, report: Report): void {
  const name = fields['unit'];
  const text = typeof name === 'string' ? name : '';
  const known = Object.hasOwn(namedUnits, text) ? namedUnits[text] : undefined;
  const [unit, count] = known ?? [text, undefined];
  if (!isRateUnit(unit)) {
    const hint = didYouMean(text, [...Object.keys(namedUnits), ...allUnits]);
    report('unit', `must be "gpu_hour" or another unit, like "web_searches".${hint}`);
    return;
  }
  const rate = decimalField(fields, 'rate', report);
  const per = perField(fields, count ?? perUnits[unit], report);
  if (rate === undefined || per === undefined) return;
  const natural = perNatural(rate, per, perUnits[unit]);
  if (natural === undefined) {
    report('per', `makes no exact rate: state the rate per ${perUnits[unit]}`);
    return;
  }
  checkHighest(natural, unit, 'rate', report);
  if (rates[unit] !== undefined) report('unit', `${unit} is stated twice in the row`);
  rates[unit] = natural;
}

function perField(fields: Fields, natural: number, report: Report): number | undefined {
  const per = fields['per'];
  if (per === undefined) return natural;
  if (typeof per === 'number' && Number.isSafeInteger(per) && per > 0) return per;
  report('per', 'must be a whole number of 1 or more');
  return undefined;
}

/** A rate per so many units, as a rate per the number that is usual for the unit; exact or undefined. */
function perNatural(rate: string, per: number, natural: number): string | undefined {
  if (per === natural) return rate;
  const { numerator, digits } = multiplyDecimals(decimalOf(rate), decimalOf(String(natural)));
  // A quotient that ends has at most as many more decimals as the divisor has factors of 2 or 5.
  const shift = 53;
  const scaled = numerator * 10n ** BigInt(shift);
  if (scaled % BigInt(per) !== 0n) return undefined;
  const exact = formatDecimal({ numerator: scaled / BigInt(per), digits: digits + shift });
  return exact.length > longestRate ? undefined : exact;
}

function checkHighest(rate: string, unit: RateUnit, where: string, report: Report): void {
  if (compareDecimals(rate, highestRate) <= 0) return;
  const per = perUnits[unit];
  const what = isTokenUnit(unit) ? 'per million tokens' : `per ${per} ${unit}`;
  report(
    where,
    `is ${rate} USD ${what}, which cannot be true (the limit is ${highestRate}): rates are stated ${what}`,
  );
}
