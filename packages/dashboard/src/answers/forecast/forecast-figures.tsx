import type { Forecast } from '@farthing/core';
import { Money } from '../../controls/money.js';
import { formatShare } from '../../figures/counts.js';
import { formatDay } from '../../figures/times.js';
import { formatMonth } from '../../view/closed-month.js';
import { KeyFigures } from '../key-figures.js';
import { formatSpan } from '../range-bar.js';

/** The month's end first, then what it is to be compared with. */
export function ForecastFigures({
  month,
  total,
  before_begins: begins,
}: Pick<Forecast, 'month' | 'total' | 'before_begins'>) {
  const { forecast_usd: expected, interval_80: likely, interval_95: possible } = total;
  const { spent_usd: spent, before_usd: before, change, run_rate_usd: rate, basis } = total;
  const isOver = basis === 'over';
  return (
    <KeyFigures
      figures={[
        ...(isOver
          ? []
          : [
              {
                label: `Expected by the end of ${formatMonth(month)}`,
                value: <Money usd={expected} unknown="nothing to go by" />,
                note: likely && (
                  <>
                    {formatSpan({ low: likely.low_usd, high: likely.high_usd })} with 80%
                    {possible && (
                      <span className="block text-ink-3">
                        {formatSpan({ low: possible.low_usd, high: possible.high_usd })} with 95%
                      </span>
                    )}
                  </>
                ),
              },
            ]),
        {
          label: isOver ? `Spent in ${formatMonth(month)}` : 'Spent so far',
          value: <Money usd={spent} />,
        },
        ...(before === null
          ? []
          : [
              {
                label: 'The month before',
                value: <Money usd={before} />,
                note:
                  begins !== null
                    ? `from ${formatDay(begins)} on`
                    : change === null
                      ? undefined
                      : changeWords(change),
              },
            ]),
        ...(rate === null || isOver
          ? []
          : [
              {
                label: 'If each day cost as much as so far',
                value: <Money usd={rate} />,
                note: 'naive, to compare',
              },
            ]),
      ]}
    />
  );
}

/** `0.4` → `40% more than it`. */
export function changeWords(change: number): string {
  if (Math.abs(change) < 0.0005) return 'as much as it';
  return change > 0
    ? `${formatShare(change)} more than it`
    : `${formatShare(-change)} less than it`;
}
