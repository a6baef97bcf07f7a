import {
  FarthingError,
  formatUsd,
  readLimits,
  type Budget,
  type BudgetMeasure,
} from '@farthing/core';
import type { Raise } from './budget-access.js';
import type { StatedLimits } from './changes.js';

/** The limits of a budget when it has been raised. Throws `invalid_raise` where it would not be more. */
export function raisedLimit(name: string, limits: Budget['limits'], raise: Raise): StatedLimits {
  const problems: string[] = [];
  const stated = readLimits('to' in raise ? raise.to : raise.by, problems);
  if (stated === null || Object.keys(stated).length === 0) {
    throw new FarthingError(
      'invalid_raise',
      problems[0]?.replace(/^budget "raise": `limit[^`]*` /, 'A raise ') ??
        'State what to raise: an amount in USD, tokens or calls.',
    );
  }
  const limit: StatedLimits = {};
  for (const [key, amount] of Object.entries(stated)) {
    const measure = key as BudgetMeasure;
    const present = limits[measure];
    if (present === undefined) {
      throw new FarthingError('invalid_raise', `Budget "${name}" has no limit in ${measure}.`);
    }
    const wanted = 'to' in raise ? amount : present + amount;
    if (wanted <= present) {
      throw new FarthingError(
        'invalid_raise',
        `Budget "${name}" has that much already: raise it above ${measure === 'usd' ? formatUsd(present) : present}, or set the budget anew to lower it.`,
      );
    }
    if (measure === 'usd') limit.usd = formatUsd(wanted);
    else limit[measure] = Number(wanted);
  }
  return limit;
}
