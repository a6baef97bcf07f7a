import {
  FarthingError,
  formatUsd,
  parseUsd,
  reconciliationCauses,
  type Entry,
  type Reconciliation,
  type ReconciliationCauseName,
} from '@farthing/core';
import type { CliContext } from '../context.js';
import { withCorrections } from '../corrections/corrections-access.js';
import { usageError } from '../output/exit-codes.js';

/**
 * What the provider bills and the ledger lacks for good. Left out: what the sums do not need (time
 * edges), what may still change (late data), what is not ours, what a new price puts right call by
 * call (`farthing reprice`), and what nobody can explain.
 */
const usuallyBooked: readonly ReconciliationCauseName[] = [
  'unrecorded_calls',
  'double_booked',
  'interrupted_calls',
  'missing_usage',
  'estimated_usage',
  'errors_billed',
  'service_tier',
  'batch',
  'cache_split',
  'tool_fees',
];

export interface BookedDifference {
  booked: Entry[];
  /** Days that were left alone because their figures are not final; `days[].open_reason` says why. */
  open_days: string[];
}

/** The causes of `--book`, all usual ones or those that are named. */
export function readBookedCauses(text: string | true): readonly ReconciliationCauseName[] {
  if (text === true) return usuallyBooked;
  return text.split(',').map((name) => {
    const cause = reconciliationCauses.find((known) => known === name.trim());
    if (cause !== undefined && cause !== 'manual_adjustments') return cause;
    throw usageError(`"${name}" is no cause. Use ${reconciliationCauses.join(', ')}.`);
  });
}

/**
 * Books an adjusting entry per day and model for what the causes come to, less what was booked by
 * hand before: a second time books nothing.
 */
export async function bookDifference(
  context: CliContext,
  result: Reconciliation,
  causes: readonly ReconciliationCauseName[],
): Promise<BookedDifference> {
  if (result.provider_costs !== 'reported') {
    throw new FarthingError(
      'usage',
      "--book needs the provider's own costs: without them the difference is computed from list prices. Give them with --costs.",
    );
  }
  const open = new Set(result.days.filter(({ final }) => !final).map(({ day }) => day));
  const wanted = new Set<ReconciliationCauseName>([...causes, 'manual_adjustments']);
  const booked = await withCorrections(context, async (corrections) => {
    const entries: Entry[] = [];
    for (const cell of result.cells) {
      if (open.has(cell.day)) continue;
      const taken = cell.causes.filter(({ cause }) => wanted.has(cause));
      const amount = taken.reduce((sum, { usd }) => sum + parseUsd(usd), 0n);
      const named = taken.filter(({ cause }) => cause !== 'manual_adjustments');
      if (amount === 0n || named.length === 0) continue;
      entries.push(
        await corrections.state({
          usd: formatUsd(amount),
          at: cell.day,
          provider: result.provider,
          model: cell.model,
          tags: {},
          reason: `difference to the provider's bill (${named.map(({ cause }) => cause).join(', ')}), reconciliation ${result.id}`,
          by: context.user,
        }),
      );
    }
    return entries;
  });
  return { booked, open_days: [...open].sort() };
}
