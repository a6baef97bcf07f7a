import { DuckDBUUIDValue } from '@duckdb/node-api';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/** The database's value of a UUID in its usual notation. The caller has checked it with `isUuid`. */
export function readUuid(text: string): DuckDBUUIDValue {
  return DuckDBUUIDValue.fromUint128(BigInt(`0x${text.replaceAll('-', '')}`));
}
