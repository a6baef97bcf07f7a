/** A row as any FOCUS file may hold it: texts by column id, null where there is no value. */
export type CheckedRow = Readonly<Record<string, string | null | undefined>>;

/**
 * One requirement of the specification on a single row. `id` is that of the specification's
 * requirements model (version 1.2), which its official validator reports, too.
 */
export interface FocusRule {
  id: string;
  column: string;
  /** What holds when the rule is kept, as a sentence. */
  requirement: string;
  /** `should` is the specification's advice: reported apart, and no failure. */
  level: 'must' | 'should';
  holds(row: CheckedRow): boolean;
}

/** When a rule applies, with the words for it. */
export interface Condition {
  says: string;
  holds(row: CheckedRow): boolean;
}

export function isNull(value: string | null | undefined): value is null | undefined {
  return value === null || value === undefined;
}

export function columnIs(column: string, ...values: string[]): Condition {
  return {
    says: `${column} is ${values.map((value) => `"${value}"`).join(' or ')}`,
    holds: (row) => values.includes(row[column] ?? ''),
  };
}

export function columnIsNull(column: string): Condition {
  return { says: `${column} is null`, holds: (row) => isNull(row[column]) };
}

export function columnIsSet(column: string): Condition {
  return { says: `${column} is not null`, holds: (row) => !isNull(row[column]) };
}

export function not(says: string, condition: Condition): Condition {
  return { says, holds: (row) => !condition.holds(row) };
}

export function both(left: Condition, right: Condition): Condition {
  return {
    says: `${left.says} and ${right.says}`,
    holds: (row) => left.holds(row) && right.holds(row),
  };
}
