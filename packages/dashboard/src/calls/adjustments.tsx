import type { Adjustment, AdjustmentCause } from '@farthing/core';
import type { CallDetail } from '../api/contract.js';
import { formatMoment } from '../figures/times.js';
import { formatUsd, formatUsdExact, parseUsd } from '../money/usd.js';
import { useView } from '../view/use-view.js';
import { Block, Facts } from './facts.js';

const causes: Record<AdjustmentCause, string> = {
  price: 'Another price',
  usage: 'Usage read anew',
  manual: 'Stated by a person',
};

const amount = (usd: string | null) => (usd === null ? 'unknown' : formatUsdExact(usd));
/** `+$0.25`, `-$0.25`. */
export const signedUsd = (usd: string) => `${parseUsd(usd) > 0n ? '+' : ''}${formatUsd(usd)}`;

/** A call whose cost was restated: what it was booked at, and each adjustment since. */
export function AdjustedBy({
  booked,
  adjustments,
}: {
  booked: string | null;
  adjustments: CallDetail['adjustments'];
}) {
  const { change } = useView();
  return (
    <Block title="Adjusted since">
      <p className="text-[0.8125rem] text-ink-2">
        {booked === null ? (
          'Booked without a price. '
        ) : (
          <>
            Booked at <span className="figure font-medium">{amount(booked)}</span>.{' '}
          </>
        )}
        The booking stays; what changed stands beside it:
      </p>
      <ol className="mt-2 border-t border-line text-[0.8125rem]">
        {adjustments.map(({ call, entry }) => (
          <li key={call.id} className="border-b border-line py-2">
            <button
              type="button"
              onClick={() => change({ call: call.id })}
              className="flex w-full items-baseline gap-3 rounded-md text-left hover:bg-sunk"
            >
              <span className="min-w-0 flex-1">
                <span className="font-medium">
                  {entry?.adjusts === undefined ? 'Adjustment' : causes[entry.adjusts.cause]}
                </span>{' '}
                <span className="figure text-ink-3">{formatMoment(call.recorded_at)}</span>
                {entry?.adjusts !== undefined && (
                  <span className="block text-ink-2">
                    {entry.adjusts.reason} ({entry.adjusts.by})
                  </span>
                )}
              </span>
              <span className="figure font-semibold">
                {call.cost_usd === null ? 'unknown' : signedUsd(call.cost_usd)}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </Block>
  );
}

/** An adjusting entry: what it corrects, why, and who made it. */
export function Adjusts({ adjusts }: { adjusts: Adjustment }) {
  const { change } = useView();
  const { entry, cause, reason, by, price_before: before } = adjusts;
  return (
    <Block title="What it corrects">
      <Facts
        facts={[
          ['Cause', causes[cause]],
          ['Reason', reason],
          ['By', by],
          ['Cost before', amount(adjusts.usd_before)],
          ['Cost after', amount(adjusts.usd_after)],
          ['Price row before', before && `${before.provider} / ${before.model}, ${before.book}`],
        ]}
      />
      {entry !== null && (
        <button
          type="button"
          onClick={() => change({ call: entry })}
          className="mt-3 h-8 rounded-md border border-line-strong bg-surface px-2.5 text-[0.8125rem] font-medium hover:bg-sunk"
        >
          Open the call that it adjusts
        </button>
      )}
    </Block>
  );
}
