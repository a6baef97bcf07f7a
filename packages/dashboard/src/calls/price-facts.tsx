import type { Cost, PriceRow } from '@farthing/core';
import { Link } from '@tanstack/react-router';
import type { CallDetail } from '../api/contract.js';
import { formatInstant } from '../figures/times.js';
import { formatPico, formatUsdExact, parseUsd } from '../money/usd.js';
import { carry, useView } from '../view/use-view.js';
import { ChargesTable } from './charges-table.js';
import { Block, Facts, isKnown, type Fact } from './facts.js';

const sources: Record<string, string> = {
  reported: 'stated by the provider',
  override: 'your own price (override)',
  overlay: 'price overlay',
  base: 'price book',
  source: 'stated by the imported record',
};

/**
 * Charges and the price that made them: of a call that was adjusted by what is known now, then as it
 * was booked. A part without any figure is left out.
 */
export function PriceFacts({
  detail: { call, entry, adjustments, restated },
}: {
  detail: CallDetail;
}) {
  const booked: Fact[] = [
    ...priceFacts(entry?.cost),
    ['At list prices', listCost(call.list_usd, call.cost_usd)],
    ['Reported cost', exact(call.reported_usd)],
    ['Computed cost', exact(entry?.cost.computed_usd)],
    ['Input cost', exact(call.cost_input_usd)],
    ['Output cost', exact(call.cost_output_usd)],
  ];
  const charges = entry?.cost.charges ?? [];
  const isAdjusted = adjustments.length > 0;
  const isAdjustment = call.kind === 'adjustment';
  return (
    <>
      {isAdjusted && restated !== null && (
        <CostBlocks
          charges={restated.charges}
          total={restated.usd}
          facts={[
            ...priceFacts(restated),
            ['At list prices', listCost(restated.list_usd, restated.usd)],
            ['Reported cost', exact(restated.reported_usd)],
          ]}
          when=" now"
        />
      )}
      <CostBlocks
        charges={charges}
        total={call.cost_usd}
        facts={booked}
        when={isAdjusted ? ' as booked' : isAdjustment ? ' that changed' : ''}
      />
    </>
  );
}

function CostBlocks({
  charges,
  total,
  facts,
  when,
}: {
  charges: Cost['charges'];
  total: string | null;
  facts: readonly Fact[];
  when: string;
}) {
  return (
    <>
      {charges.length > 0 && (
        <Block title={`Charges${when}`}>
          <ChargesTable charges={charges} total={total} />
        </Block>
      )}
      {facts.some(isKnown) && (
        <Block title={when === ' that changed' ? 'Price since then' : `Price${when}`}>
          <Facts facts={facts} />
        </Block>
      )}
    </>
  );
}

function priceFacts(cost: Cost | undefined): Fact[] {
  const { source, price } = cost ?? {};
  return [
    ['Source', source && (sources[source] ?? source)],
    ['Price row', price && <PriceLink price={price} />],
    ['Price book', price?.book],
    ['In force since', price?.effective_from && formatInstant(price.effective_from).slice(0, -14)],
  ];
}

const exact = (usd: string | null | undefined) => (usd == null ? null : formatUsdExact(usd));

/** The cost at public list prices, and how much less is paid; nothing where no list says otherwise. */
function listCost(list: string | null | undefined, cost: string | null) {
  if (list == null) return null;
  const saved = cost === null ? 0n : parseUsd(list) - parseUsd(cost);
  if (cost !== null && saved === 0n) return null;
  return (
    <>
      {formatUsdExact(list)}
      {saved !== 0n && (
        <span className="text-ink-3">
          {' '}
          ({formatPico(saved < 0n ? -saved : saved)} {saved > 0n ? 'less' : 'more'} is paid)
        </span>
      )}
    </>
  );
}

/** The row that priced the call, and the way to its history. */
function PriceLink({ price: { provider, model } }: { price: PriceRow }) {
  const { view } = useView();
  return (
    <Link
      to="/prices/$provider/$model"
      params={{ provider, model } as never}
      search={carry(view) as never}
      className="text-accent-ink underline decoration-accent-ink/40 underline-offset-[3px] hover:decoration-current"
    >
      {provider} / {model}
    </Link>
  );
}
