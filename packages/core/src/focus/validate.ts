import { focusColumns } from './columns.js';
import { costRules } from './rules/cost-rules.js';
import { identityRules } from './rules/identity-rules.js';
import { presenceRules } from './rules/presence-rules.js';
import type { CheckedRow, FocusRule } from './rules/rule.js';

/** A requirement that is not met. */
export interface FocusFinding {
  /** Id in the specification's requirements model, e.g. `ListCost-C-009-C`. */
  rule: string;
  level: FocusRule['level'];
  requirement: string;
  /** How many rows break it; 0 for what is wrong with the columns. */
  rows: number;
  /** The first such row, counted from 1 without the header, and its value. */
  first_row: number | null;
  value: string | null;
}

/** Pairs of columns of which the first determines the second throughout a dataset. */
const determined = [
  ['SkuPriceId-C-008-M', 'must', 'SkuPriceId', 'SkuId'],
  ['SkuPriceDetails-C-007-M', 'must', 'SkuPriceId', 'SkuPriceDetails'],
  ['ServiceName-C-005-C', 'must', 'ServiceName', 'ServiceCategory'],
  ['ServiceName-C-008-C', 'should', 'ServiceName', 'ServiceSubcategory'],
] as const;

/** How many rules a validator checks. */
export const focusRuleCount =
  costRules.length +
  identityRules.length +
  Object.keys(presenceRules).length +
  determined.length +
  2;

/**
 * Checks a dataset, row by row, against the requirements of FOCUS 1.2 that can be decided from the
 * rows and that a seller of model calls can break. What needs the world outside (whether an invoice
 * says the same) or commitments is left out. Memory grows with the number of SKUs, not of rows.
 */
export class FocusValidator {
  readonly #rules: readonly FocusRule[];
  readonly #findings = new Map<string, FocusFinding>();
  readonly #seen = new Map<string, string | null>();
  #rows = 0;

  /** `columns`: the dataset's column ids, in their order. */
  constructor(columns: readonly string[]) {
    const present = new Set(columns);
    this.#rules = [...costRules, ...identityRules].filter(({ column }) => present.has(column));
    for (const [rule, column] of Object.entries(presenceRules)) {
      if (!present.has(column)) this.#report(rule, 'must', `the column ${column} must be present`);
    }
    this.#checkNames(columns);
  }

  check(row: CheckedRow): void {
    this.#rows += 1;
    for (const rule of this.#rules) {
      if (rule.holds(row)) continue;
      this.#report(rule.id, rule.level, rule.requirement, this.#rows, row[rule.column] ?? null);
    }
    for (const [rule, level, column, other] of determined) {
      const [key, value] = [row[column], row[other] ?? null];
      if (key === null || key === undefined) continue;
      const place = `${rule} ${key}`;
      const before = this.#seen.get(place);
      if (before === undefined) this.#seen.set(place, value);
      else if (before !== value) {
        const requirement = `${column} ${level} go with one ${other} only`;
        this.#report(rule, level, requirement, this.#rows, key);
      }
    }
  }

  /** What was found so far: one finding a rule. Empty means that the dataset conforms. */
  findings(): FocusFinding[] {
    return [...this.#findings.values()];
  }

  /** Custom columns are recognisable, and stand after those of the specification. */
  #checkNames(columns: readonly string[]): void {
    const specified = new Set<string>(
      focusColumns.filter(({ level }) => level !== 'custom').map(({ name }) => name),
    );
    let customBefore = false;
    for (const column of columns) {
      const isSpecified = specified.has(column);
      if (!isSpecified && !column.startsWith('x_')) {
        const requirement = 'a column that the specification does not define must begin with x_';
        this.#report('ColumnHandling-A-010-M', 'must', requirement, 0, column);
      }
      if (isSpecified && customBefore) {
        const requirement = 'columns of the specification should stand before custom ones';
        this.#report('ColumnHandling-A-012-O', 'should', requirement, 0, column);
      }
      customBefore ||= !isSpecified;
    }
  }

  #report(
    rule: string,
    level: FocusRule['level'],
    requirement: string,
    row = 0,
    value: string | null = null,
  ): void {
    const finding = this.#findings.get(rule);
    if (finding === undefined) {
      const rows = row === 0 ? 0 : 1;
      const first = row === 0 ? null : row;
      this.#findings.set(rule, { rule, level, requirement, rows, first_row: first, value });
    } else if (row !== 0) {
      finding.rows += 1;
    }
  }
}
