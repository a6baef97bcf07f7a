import type { DuckDBValue } from '@duckdb/node-api';

/** Collects the values of a statement; whatever a caller sends reaches the database only this way. */
export class Parameters {
  readonly values: DuckDBValue[] = [];

  /** Returns the placeholder that stands for the value. */
  add(value: DuckDBValue): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}
