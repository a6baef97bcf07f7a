import { Readable } from 'node:stream';
import type { Closing, Entry, Window } from '@farthing/core';
import { readBookedEntries } from '../../ledger/index.js';
import { readClosings } from '../../reprice/index.js';
import { noteControlPlane, openLocalBooks } from '../books/books.js';
import type { CliContext } from '../context.js';
import { findControlPlane, type ControlPlane } from '../books/control-plane.js';
import { readLines } from '../output/read-lines.js';

/** The booked entries of a window, one after the other, wherever the books are. */
export interface ExportedEntries {
  entries: AsyncIterable<Entry>;
  closings(): Promise<Closing[]>;
  close(): Promise<void>;
}

/**
 * Reads through a running control plane or, when none runs, from the journals of the data directory,
 * and says on standard error which. Either way every booked entry comes once.
 */
export async function openEntries(
  context: CliContext,
  window: Window | undefined,
): Promise<ExportedEntries> {
  const control = await findControlPlane(context);
  if (control !== null) {
    noteControlPlane(context, control);
    return {
      entries: remoteEntries(control, window, context.signal),
      closings: async () =>
        ((await control.get('/api/v1/closings')) as { closings: Closing[] }).closings,
      close: async () => {},
    };
  }
  const books = await openLocalBooks(context, 'its journals');
  return {
    entries: readBookedEntries(context.dataDirectory, books.store, window),
    closings: () => readClosings(context.dataDirectory),
    close: () => books.close(),
  };
}

/** The booked entries of a running control plane. */
export async function* remoteEntries(
  control: ControlPlane,
  window?: Window,
  signal?: AbortSignal,
): AsyncGenerator<Entry> {
  const query = new URLSearchParams(
    window === undefined ? {} : { since: window.from, until: window.to },
  );
  const response = await control.fetch(
    `/api/v1/export.jsonl?${query.toString()}`,
    signal === undefined ? {} : { signal },
  );
  if (response.body === null) return;
  for await (const { text } of readLines(Readable.fromWeb(response.body as never))) {
    if (text !== null) yield JSON.parse(text) as Entry;
  }
}
