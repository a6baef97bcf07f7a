import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { countOf, usdOf } from '../api/row.js';
import { Money } from '../controls/money.js';
import { Skeleton } from '../controls/skeleton.js';
import { formatCompact, formatCount, formatShare, plural, shareOf } from '../figures/counts.js';
import { basisPoints, parseUsd } from '../money/usd.js';
import { carry, useView } from '../view/use-view.js';
import type { HeadlineReport } from './headline-report.js';

/** The figures beside the total. Those that ask for action lead to where it is explained. */
export function Figures({ report }: { report: HeadlineReport | undefined }) {
  const { view } = useView();
  const totals = report?.totals;
  const calls = countOf(totals, 'calls');
  const input = countOf(totals, 'tokens_input');
  const output = countOf(totals, 'tokens_output');
  const cached = countOf(totals, 'tokens_cache_read');
  const unpriced = countOf(totals, 'unpriced_calls');
  const unattributed = countOf(totals, 'unattributed_calls');
  const lost = basisPoints(
    parseUsd(usdOf(totals, 'unattributed_cost') ?? '0'),
    parseUsd(usdOf(totals, 'cost') ?? '0'),
  );
  const link = (hash: string, text: string) => (
    <Link
      to="/attention"
      hash={hash}
      search={carry(view) as never}
      className="text-accent-ink underline decoration-accent-ink/40 underline-offset-[3px] hover:decoration-current"
    >
      {text}
    </Link>
  );
  const none = totals === undefined || calls === 0;
  const lines: { label: string; value: ReactNode; note: ReactNode; warn?: boolean }[] = [
    {
      label: 'Calls',
      value: <span title={formatCount(calls)}>{formatCompact(calls)}</span>,
      note: `${formatCompact(countOf(report?.previous, 'calls'))} before`,
    },
    {
      label: 'Average per call',
      value: none ? '–' : <Money usd={usdOf(totals, 'cost_average')} />,
      note: 'of priced calls',
    },
    {
      label: '95th percentile',
      value: none ? '–' : <Money usd={usdOf(totals, 'cost_p95')} />,
      note: '1 in 20 costs more',
    },
    {
      label: 'Tokens',
      value: <span title={formatCount(input + output)}>{formatCompact(input + output)}</span>,
      note: `${formatCompact(input)} in, ${formatCompact(output)} out`,
    },
    {
      label: 'Input from cache',
      value: formatShare(shareOf(cached, input)),
      note: `${formatCompact(cached)} tokens`,
    },
    {
      label: 'Failed and retried',
      value: <Money usd={report?.wasted.usd ?? '0'} />,
      note: `${formatCompact(report?.wasted.failed ?? 0)} failed, ${plural(report?.wasted.retries ?? 0, 'retry', 'retries')}`,
    },
    {
      label: 'Unattributed',
      value: formatShare(none ? null : (lost ?? 0) / 10_000),
      note: none
        ? 'no calls'
        : unattributed === 0
          ? 'every call has a feature'
          : link('unattributed', `tag ${plural(unattributed, 'call')}`),
      warn: unattributed > 0,
    },
    {
      label: 'Unpriced',
      value: <span title={formatCount(unpriced)}>{formatCompact(unpriced)}</span>,
      note: none
        ? 'no calls'
        : unpriced === 0
          ? 'every call has a price'
          : link('unpriced', 'see which models'),
      warn: unpriced > 0,
    },
  ];
  return (
    <dl className="grid grid-cols-2 gap-px bg-line sm:grid-cols-4">
      {lines.map(({ label, value, note, warn }) => (
        <div key={label} className="bg-surface px-4 py-4 xl:px-5">
          <dt className="text-[0.8125rem] text-ink-2">{label}</dt>
          <dd>
            <span
              className={`figure block text-xl leading-8 font-semibold tracking-[-0.01em] ${warn && report ? 'text-warn' : ''}`}
            >
              {report ? value : <Skeleton className="h-5 w-20" />}
            </span>
            <span className="figure block min-h-[1.125rem] text-[0.8125rem] leading-[1.125rem] text-ink-3">
              {report ? note : <Skeleton className="h-3 w-24" />}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
