import type { AuditRow } from '@farthing/core';
import { useState } from 'react';
import { fetchAudit } from '../api/estimates-contract.js';
import { useReport } from '../api/use-report.js';
import { Failure } from '../controls/failure.js';
import { Money } from '../controls/money.js';
import { Loading, Skeleton } from '../controls/skeleton.js';
import { formatCompact, formatCount, plural } from '../figures/counts.js';
import { valueLabel } from '../view/dimensions.js';
import { useView } from '../view/use-view.js';
import { windowOf } from '../view/window.js';
import { SourceBar, sourceLabels } from './source-bar.js';

const firstRows = 10;

/** Where the input of each feature comes from, and what would save most. */
export function PromptAudit() {
  const { view } = useView();
  const [all, setAll] = useState(false);
  const { data, error, outdated, retry } = useReport(
    'audit',
    [view.window, view.filters],
    (now, signal) => fetchAudit(windowOf(view.window, now), view.filters, signal),
  );
  const rows = data?.rows ?? [];
  const shown = all ? rows : rows.slice(0, firstRows);
  return (
    <section aria-labelledby="audit" className={`panel py-5 ${outdated ? 'outdated' : ''}`}>
      <div className="px-4 sm:px-6">
        <h2 id="audit" className="text-base font-semibold">
          Where the input comes from
        </h2>
        <p className="mt-1 max-w-[44rem] text-ink-2">
          Input tokens by source, told by role and position in the request; no text is kept. Of many
          large requests only some are taken apart, and stand for the others.
        </p>
      </div>
      {error && !data && <Failure what="the audit" error={error} retry={retry} />}
      {!data && !error && (
        <div className="px-4 pt-4 sm:px-6">
          <Loading what="the audit" />
          <Skeleton className="block h-[36rem] w-full" />
        </div>
      )}
      {data && rows.length === 0 && (
        <p className="px-4 pt-4 text-ink-3 sm:px-6">
          No request of this window was taken apart. The gateway does it to chats whose usage the
          provider states.
        </p>
      )}
      {rows.length > 0 && (
        <ul className="mt-4 text-[0.8125rem]">
          {shown.map((row) => (
            <Line key={row.group['feature'] ?? '\0'} row={row} />
          ))}
        </ul>
      )}
      {rows.length > firstRows && (
        <button
          type="button"
          onClick={() => setAll(!all)}
          className="mx-4 mt-2 h-8 text-[0.8125rem] font-medium text-accent-ink hover:underline sm:mx-6"
        >
          {all ? `Show the first ${firstRows}` : `Show all ${rows.length}`}
        </button>
      )}
    </section>
  );
}

function Line({ row }: { row: AuditRow }) {
  const { group, sources, lever, input_tokens: tokens, input_usd: usd, audited_calls: calls } = row;
  const perCall = sources.reduce((sum, each) => sum + each.tokens_per_call, 0);
  const name = valueLabel('feature', group['feature'] ?? null);
  const parts = sources.filter(({ share }) => share > 0);
  const grown = sources.filter(
    ({ change, share }) => change !== null && change >= 0.2 && share >= 0.05,
  );
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-3 border-t border-line px-4 py-4 sm:px-6 lg:grid-cols-[minmax(0,16rem)_minmax(0,1fr)]">
      <div>
        <h3 className="text-sm font-semibold break-words">{name}</h3>
        <p className="figure text-ink-2">
          <Money usd={usd} unknown="cost not known" /> for {formatCompact(tokens)} input tokens
        </p>
        <p className="figure text-xs text-ink-3">
          {plural(calls, 'call')}, {formatCount(Math.round(perCall))} tokens each
        </p>
      </div>
      <div className="min-w-0">
        <SourceBar parts={parts} label={`Input of ${name} by source`} />
        {lever !== null && <p className="mt-2 text-ink-2">{lever.sentence}</p>}
        {grown.length > 0 && (
          <p className="mt-1 text-warn">
            {grown
              .map(
                ({ source, change }) =>
                  `${sourceLabels[source]}: ${Math.round((change ?? 0) * 100)} % more tokens per call`,
              )
              .join('; ')}{' '}
            than in the window before.
          </p>
        )}
      </div>
    </li>
  );
}
