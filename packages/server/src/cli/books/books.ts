import { FarthingError, type Closing, type Query, type QueryResult } from '@farthing/core';
import { readClosings } from '../../reprice/index.js';
import type { CliContext, LocalBooks } from '../context.js';
import { findControlPlane, type ControlPlane } from './control-plane.js';

/** The books as a reading command sees them, wherever they are. */
export interface Books {
  query(query: Query): Promise<QueryResult>;
  closings(): Promise<Closing[]>;
  close(): Promise<void>;
}

/**
 * Opens the books through a running control plane or, when none runs, in this process, and says on
 * standard error which.
 */
export async function openForReading(context: CliContext): Promise<Books> {
  const control = await findControlPlane(context);
  if (control !== null) {
    noteControlPlane(context, control);
    return {
      query: async (query) =>
        (await control.post('/api/v1/query', JSON.stringify(query))) as QueryResult,
      closings: async () =>
        ((await control.get('/api/v1/closings')) as { closings: Closing[] }).closings,
      close: async () => {},
    };
  }
  const books = await openLocalBooks(context);
  return {
    query: (query) => books.store.query(query),
    closings: () => readClosings(context.dataDirectory),
    close: () => books.close(),
  };
}

export function noteControlPlane(context: CliContext, control: ControlPlane): void {
  context.output.note(`Asking the control plane at ${control.url}.`);
}

/**
 * Opens the books in this process, and says so. What the journals hold is booked first, so that the
 * answer is the same that a control plane would give.
 */
export async function openLocalBooks(
  context: CliContext,
  source: 'its store' | 'its journals' = 'its store',
): Promise<LocalBooks> {
  requireData(context);
  context.output.note(
    `No control plane runs for ${context.dataDirectory}: reading ${source} directly.`,
  );
  const books = await context.openBooks();
  try {
    await books.bookAll();
  } catch (error) {
    await books.close();
    throw error;
  }
  return books;
}

/** Names what is missing before a store is created by accident in a mistyped directory. */
export function requireData(context: CliContext): void {
  if (context.hasData()) return;
  throw new FarthingError(
    'no_data',
    `There are no books in ${context.dataDirectory} yet. Start Farthing with "farthing up" and send a call through it, or name another data directory with --data.`,
  );
}
