import { claimUsd, type RateCell, type SumCell } from './atoms.js';
import { findCommonFactor, type CommonFactor } from './discount.js';
import { endOf, type Finality } from './finality.js';
import { ledgerRate } from './provider-costs.js';
import { magnitude, perMillion, valueAt } from './rate.js';
import { rateDifference } from './value-atoms.js';

/**
 * Names the causes of what is left once other tokens are accounted for: rounding, if it is within
 * what the provider's digits allow; lines for fewer tokens than used (costs that are not final);
 * unpriced calls; a factor over all models; and where both sides counted tokens, another price.
 */
export function explainRates(cells: readonly RateCell[], finality: Finality): void {
  const common = findCommonFactor(cells);
  for (const cell of cells) {
    explainRounding(cell);
    explainOther(cell);
    explainLateCosts(cell, finality);
    explainUnpriced(cell);
    if (common !== undefined) explainCommonFactor(cell, common);
    explainPrice(cell);
  }
}

/** Half a digit for every cost line, and half a picodollar for every product that was rounded here. */
function explainRounding(cell: RateCell): void {
  const bound = cell.roundingBound + BigInt(cell.atoms.length + 2);
  if (magnitude(cell.rest.left) > bound) return;
  claimUsd(cell.rest, 'rounding', cell.rest.left, 'the provider rounds its amounts');
}

function explainOther({ scope, rest }: RateCell): void {
  if (scope !== 'other') return;
  claimUsd(rest, 'other_traffic', rest.left, 'billed to projects that were not declared');
}

function explainLateCosts(cell: RateCell, finality: Finality): void {
  const { costQuantity, providerTokens, rate, rest, day } = cell;
  if (rate === undefined || cell.computed) return;
  if (costQuantity !== null && costQuantity !== providerTokens) {
    const missing = valueAt(Math.abs(costQuantity - providerTokens), rate);
    const settled = finality.costs(endOf(day, 'day'))
      ? '; the day counts as final, so where a newer report says the same, it stays so'
      : '';
    const note = `the cost report is for ${costQuantity} tokens, the usage report has ${providerTokens}${settled}`;
    claimUsd(rest, 'late_data', costQuantity < providerTokens ? -missing : missing, note);
    return;
  }
  // Costs that state their quantity are complete when it is.
  if (costQuantity !== null || rest.left >= 0n || finality.costs(endOf(day, 'day'))) return;
  claimUsd(rest, 'late_data', rest.left, 'the costs of this day are not final');
}

function explainUnpriced({ unpricedTokens, rate, rest, model }: RateCell): void {
  if (unpricedTokens <= 0 || rate === undefined) return;
  const note = `${unpricedTokens} tokens of ${model ?? 'no model'} have no price in the ledger; the provider bills ${perMillion(rate)} USD per million`;
  claimUsd(rest, 'unpriced', valueAt(unpricedTokens, rate), note);
}

function explainCommonFactor(cell: RateCell, { factor, covers }: CommonFactor): void {
  const { rest } = cell;
  const booked = ledgerRate(cell);
  if (booked === undefined || cell.ledgerTokens <= 0) return;
  const percent = `${perMillion({ numerator: factor.numerator * 100_000_000n, denominator: factor.denominator })} %`;
  const note = `the provider bills ${percent} of the ledger's rates on nearly everything`;
  if (covers(cell)) {
    claimUsd(rest, 'discount', rest.left, note);
    return;
  }
  const to = {
    numerator: booked.numerator * factor.numerator,
    denominator: booked.denominator * factor.denominator,
  };
  const wanted = rateDifference(cell.ledgerTokens - cell.unpricedTokens, booked, to);
  claimUsd(rest, 'discount', wanted, note);
}

function explainPrice(cell: RateCell): void {
  const { rate, rest, ledgerTokens, providerTokens } = cell;
  const booked = ledgerRate(cell);
  if (!cell.tokensKnown || rate === undefined || booked === undefined) return;
  if (ledgerTokens <= 0 || providerTokens <= 0) return;
  // Only what another rate on the same tokens comes to; anything beyond has another reason.
  const wanted = rateDifference(ledgerTokens - cell.unpricedTokens, booked, rate);
  const rows = [...cell.prices.values()].map(({ book, provider, model, effective_from: from }) =>
    [
      `${provider}/${model} of ${book}`,
      ...(from === undefined ? [] : [`from ${from.slice(0, 10)}`]),
    ].join(' '),
  );
  const row = rows.length === 0 ? 'no price row' : `price row ${rows.join('; ')}`;
  const note = `${cell.kind}: the provider bills ${perMillion(rate)} USD per million, the ledger ${perMillion(booked)} (${row})`;
  const taken = claimUsd(rest, 'price', wanted, note);
  if (taken !== 0n && magnitude(rest.left) <= BigInt(cell.atoms.length + 2)) {
    claimUsd(rest, 'rounding', rest.left, 'products are rounded to the picodollar');
  }
}

/** Amounts that are no tokens: each kind of line is a cause of its own. */
export function explainSum(sum: SumCell): void {
  const { rest, category, name } = sum;
  if (magnitude(rest.left) <= sum.roundingBound) {
    claimUsd(rest, 'rounding', rest.left, 'the provider rounds its amounts');
  }
  switch (category) {
    case 'unit': {
      const note = `${name}: the provider counts ${sum.providerQuantity}, the ledger ${sum.ledgerQuantity}`;
      claimUsd(rest, 'tool_fees', rest.left, note);
      return;
    }
    case 'credit':
      claimUsd(rest, 'credits', rest.left, name ?? 'credit');
      return;
    case 'other':
      claimUsd(rest, 'other_services', rest.left, name ?? 'other services');
      return;
    case 'manual':
      claimUsd(rest, 'manual_adjustments', rest.left, 'adjusting entries made by hand');
      return;
    case 'unassigned':
    case 'uncategorised':
  }
}
