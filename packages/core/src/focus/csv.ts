import { focusColumns, type FocusRow } from './columns.js';

/** The header line of a FOCUS file in CSV (RFC 4180: CRLF after every line). */
export function focusCsvHeader(): string {
  return `${focusColumns.map(({ name }) => name).join(',')}\r\n`;
}

/** One row. Null is an empty field without quotes, which an empty text never is. */
export function focusCsvLine(row: FocusRow): string {
  const fields = focusColumns.map(({ name }) => {
    const value = row[name];
    return value === null ? '' : csvField(value);
  });
  return `${fields.join(',')}\r\n`;
}

function csvField(value: string): string {
  return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
