import { nearestName, type Dimension, type QueryRow } from '@farthing/core';
import type { CliContext } from '../context.js';
import { findControlPlane } from '../books/control-plane.js';
import { withDesk } from '../prices/access.js';

/**
 * A sentence about a provider that no price list, no configuration and no call has; null for one that
 * is known, and where nothing is recorded that could know it.
 */
export async function unheardProvider(
  context: CliContext,
  provider: string,
): Promise<string | null> {
  const listed = await withDesk(context, (desk) => desk.providers(), { quiet: true });
  if (listed.includes(provider)) return null;
  const recorded = await recordedNames(context, 'provider');
  if (recorded.includes(provider)) return null;
  const meant = suggestion(provider, [...listed, ...recorded]);
  return `No price list, no configuration and no call has a provider "${provider}".${meant}`;
}

/** The same of a model: one that has answered no call. */
export async function unheardModel(context: CliContext, model: string): Promise<string | null> {
  const recorded = await recordedNames(context, 'model');
  if (recorded.includes(model)) return null;
  return `No recorded call was answered by a model "${model}".${suggestion(model, recorded)}`;
}

function suggestion(name: string, candidates: readonly string[]): string {
  const near = nearestName(name, candidates);
  return near === null ? '' : ` Did you mean "${near}"?`;
}

/** What the recorded calls hold in a dimension, most calls first. */
async function recordedNames(context: CliContext, dimension: Dimension): Promise<string[]> {
  const control = await findControlPlane(context);
  let rows: readonly QueryRow[];
  if (control !== null) {
    const answer = await control.get(`/api/v1/report?measures=calls&by=${dimension}&limit=1000`);
    ({ rows } = answer as { rows: QueryRow[] });
  } else {
    if (!context.hasData()) return [];
    const books = await context.openBooks();
    try {
      await books.bookAll();
      ({ rows } = await books.store.query({
        measures: ['calls'],
        dimensions: [dimension],
        limit: 1000,
      }));
    } finally {
      await books.close();
    }
  }
  return rows.flatMap((row) => {
    const name = row[dimension];
    return typeof name === 'string' && Number(row['calls']) > 0 ? [name] : [];
  });
}
