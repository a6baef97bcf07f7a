import { isDateTime, isKeyValue, isNumeric, isUnit, readNumeric } from './formats.js';
import { both, columnIs, isNull, not, type Condition, type FocusRule } from './rule.js';

/** `BilledCost`, `C-003-M` → `BilledCost-C-003-M`. Builds the kinds of rule that many columns share. */
export function ruleId(column: string, suffix: string): string {
  return `${column}-C-${suffix}`;
}

/** A rule on the column's value, for rows that have one. */
export function valueRule(
  column: string,
  suffix: string,
  predicate: string,
  holds: (value: string) => boolean,
  level: FocusRule['level'] = 'must',
): FocusRule {
  return {
    id: ruleId(column, suffix),
    column,
    level,
    requirement: `${column} ${level} ${predicate}`,
    holds: (row) => {
      const value = row[column];
      return isNull(value) || holds(value);
    },
  };
}

export function decimalRules(column: string, type: string, format: string): FocusRule[] {
  return [
    valueRule(column, type, 'be a decimal', (value) => readNumeric(value) !== null),
    valueRule(column, format, 'be written in the numeric format', isNumeric),
  ];
}

export function dateTimeRules(column: string): FocusRule[] {
  return [
    valueRule(column, '001-M', 'be a date and time', (value) => !Number.isNaN(Date.parse(value))),
    valueRule(column, '002-M', 'be written as YYYY-MM-DDTHH:mm:ssZ', isDateTime),
    notNull(column, '003-M'),
  ];
}

/** Null handling comes with it: an empty text is no way to say that there is no value. */
export function stringRule(column: string, suffix: string): FocusRule {
  return valueRule(column, suffix, 'not be blank', (value) => value.trim() !== '');
}

export function keyValueRule(column: string, suffix: string): FocusRule {
  return valueRule(column, suffix, 'be a flat JSON object', isKeyValue);
}

export function unitRule(column: string, suffix: string): FocusRule {
  return valueRule(column, suffix, 'be written in the unit format', isUnit, 'should');
}

export function allowedRule(column: string, suffix: string, values: readonly string[]): FocusRule {
  return valueRule(column, suffix, `be one of ${values.join(', ')}`, (value) =>
    values.includes(value),
  );
}

export function nonNegative(column: string, suffix: string): FocusRule {
  return valueRule(column, suffix, 'not be negative', (value) => {
    const amount = readNumeric(value);
    return amount === null || amount.numerator >= 0n;
  });
}

export function notNull(
  column: string,
  suffix: string,
  when?: Condition,
  level: FocusRule['level'] = 'must',
): FocusRule {
  return {
    id: ruleId(column, suffix),
    column,
    level,
    requirement: `${column} ${level} not be null${when === undefined ? '' : ` when ${when.says}`}`,
    holds: (row) => (when !== undefined && !when.holds(row)) || !isNull(row[column]),
  };
}

export function mustBeNull(column: string, suffix: string, when: Condition): FocusRule {
  return {
    id: ruleId(column, suffix),
    column,
    level: 'must',
    requirement: `${column} must be null when ${when.says}`,
    holds: (row) => !when.holds(row) || isNull(row[column]),
  };
}

export const isTax = columnIs('ChargeCategory', 'Tax');
export const notCorrection = not(
  'ChargeClass is not "Correction"',
  columnIs('ChargeClass', 'Correction'),
);
/** The rows that must say what was used and at which price. */
export const isPriced = both(columnIs('ChargeCategory', 'Usage', 'Purchase'), notCorrection);

/** Null on tax, there on usage and purchases: the nullability of prices, quantities and SKUs. */
export function pricedRules(column: string, whenTax: string, whenPriced: string): FocusRule[] {
  return [mustBeNull(column, whenTax, isTax), notNull(column, whenPriced, isPriced)];
}

/** A column that stands and falls with another. */
export function withColumn(
  column: string,
  whenNull: string,
  whenSet: string,
  other: string,
): FocusRule[] {
  const absent: Condition = { says: `${other} is null`, holds: (row) => isNull(row[other]) };
  const present = not(`${other} is not null`, absent);
  return [mustBeNull(column, whenNull, absent), notNull(column, whenSet, present)];
}
