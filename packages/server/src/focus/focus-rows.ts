import type { Entry, FocusExport, FocusRow, FocusValidator } from '@farthing/core';

/**
 * The rows of an export, entry by entry as they are read: no more than one entry's rows are held here.
 * With a validator, every row that is handed out has been checked.
 */
export async function* focusRows(
  entries: AsyncIterable<Entry>,
  focus: FocusExport,
  validator?: FocusValidator,
): AsyncGenerator<FocusRow[]> {
  const check = (rows: FocusRow[]) => {
    for (const row of rows) validator?.check(row);
    return rows;
  };
  for await (const entry of entries) {
    const rows = check(focus.add(entry));
    if (rows.length > 0) yield rows;
  }
  yield check(focus.end());
}
