import { templateQuantities } from './quantities.js';
import type { Filter, TemplateQuantity, TemplateRow } from '@farthing/core';
import { Link } from '@tanstack/react-router';
import { useId, type ReactNode } from 'react';
import { Badge } from '../../controls/badge.js';
import { Money } from '../../controls/money.js';
import { formatShare, plural } from '../../figures/counts.js';
import { formatMoment } from '../../figures/times.js';
import { carry, useView } from '../../view/use-view.js';
import { Sentence } from '../sentence.js';
import { SignedMoney } from '../signed-money.js';
import { confidenceOf, isBetter, quantityNames, quantityText } from './quantity-words.js';

/** One change of a template: what a call took before and after it, since when, and how sure that is. */
export function VersionCard({
  row,
  isTold,
}: {
  row: TemplateRow;
  /** Whether the page's own sentence is about it. */
  isTold: boolean;
}) {
  const { view } = useView();
  const id = useId();
  const { feature, template_version: version, previous_version: previous, extra_usd: extra } = row;
  const confidence = confidenceOf(row);
  const filters: Filter[] = [
    ...view.filters.filter(
      ({ dimension }) => dimension !== 'feature' && dimension !== 'template_version',
    ),
    { dimension: 'feature', op: 'in', values: [feature] },
    { dimension: 'template_version', op: 'in', values: [version] },
  ];
  return (
    <article aria-labelledby={id} className="@container rounded-lg border border-line p-4">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h4 id={id} className="min-w-0 font-semibold break-words">
          {feature ?? <span className="text-ink-2 italic">Unattributed</span>}{' '}
          <span className="figure font-normal text-ink-2">
            {versionName(previous ?? null)} → {versionName(version)}
          </span>
        </h4>
        <Badge tone={confidence.isSure ? 'calm' : 'warn'} title={confidence.why}>
          {confidence.text}
        </Badge>
      </div>
      {!isTold && (
        <p className="mt-1 text-[0.8125rem] text-ink-2">
          <Sentence text={row.summary} />
        </p>
      )}
      <dl className="mt-3 grid gap-x-6 border-t border-line text-[0.8125rem] @md:grid-cols-2 @4xl:grid-cols-3">
        {templateQuantities.map((quantity) => (
          <QuantityFact key={quantity} quantity={quantity} row={row} />
        ))}
      </dl>
      <dl className="mt-3 flex flex-wrap gap-x-6 gap-y-2 text-[0.8125rem]">
        {extra !== null && (
          <Fact name="Its calls cost, for the change">
            <SignedMoney usd={extra} />
          </Fact>
        )}
        {(row.success.before !== null || row.success.after !== null) && (
          <Fact name="Runs that succeeded">
            {formatShare(row.success.before)} → {formatShare(row.success.after)}
          </Fact>
        )}
        <Fact name="Calls in the window">
          {plural(row.calls, 'call')}, <Money usd={row.cost_usd} />
        </Fact>
        {row.switch !== null && (
          <Fact name={row.switch.took_over_at === null ? 'First call' : 'Took over, UTC'}>
            {formatMoment(row.switch.took_over_at ?? row.switch.first_call_at)}
          </Fact>
        )}
        {row.switch !== null && row.switch.overlap_until !== null && (
          <Fact name="Both in use until">
            {formatMoment(row.switch.overlap_until)}, {plural(row.switch.overlap_calls, 'call')}
          </Fact>
        )}
      </dl>
      <p className="mt-2 text-[0.8125rem]">
        <Link
          to="/calls"
          search={carry(view, { filters, order: 'dearest' }) as never}
          className="font-medium text-accent-ink hover:underline"
        >
          Its dearest calls
        </Link>
      </p>
    </article>
  );
}

export const versionName = (version: string | null): string => version ?? 'no template';

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-ink-3">{name}</dt>
      <dd className="figure font-medium">{children}</dd>
    </div>
  );
}

const marks = {
  more: '↑',
  less: '↓',
  same: '',
  not_judged: '',
} as const;

function QuantityFact({ quantity, row }: { quantity: TemplateQuantity; row: TemplateRow }) {
  const change = row.quantities[quantity];
  const { before, after, ratio, verdict } = change;
  const better = isBetter(quantity, change);
  const most = Math.max(before ?? 0, after ?? 0);
  const tone = better === null ? 'bg-ink-3' : better ? 'bg-accent' : 'bg-warn';
  const words = better === null ? 'text-ink-2' : better ? 'text-accent-ink' : 'text-warn';
  return (
    <div className="border-b border-line py-2">
      <dt>{quantityNames[quantity]}</dt>
      <dd>
        <span className="figure flex items-baseline justify-between gap-x-3 whitespace-nowrap">
          <span className="text-ink-2">
            {quantityText(quantity, before)} <span aria-label="to">→</span>{' '}
            <span className="text-base font-semibold text-ink">
              {quantityText(quantity, after)}
            </span>
          </span>
          <span
            className={`${words} ${better === null ? '' : 'font-semibold'}`}
            title={verdictWords[verdict]}
          >
            {ratio !== null && `${ratio.toFixed(2)} ×`}{' '}
            <span aria-hidden="true">{marks[verdict]}</span>
            <span className="sr-only">{verdictWords[verdict]}</span>
          </span>
        </span>
        <span aria-hidden="true" className="mt-1 block space-y-0.5">
          <Bar part={most === 0 ? 0 : (before ?? 0) / most} colour="bg-line-strong" />
          <Bar part={most === 0 ? 0 : (after ?? 0) / most} colour={tone} />
        </span>
      </dd>
    </div>
  );
}

const verdictWords = {
  more: 'more, beyond noise',
  less: 'less, beyond noise',
  same: 'within noise',
  not_judged: 'not judged: too few calls, or nothing before',
} as const;

function Bar({ part, colour }: { part: number; colour: string }) {
  return (
    <span className="block h-1 overflow-hidden rounded-full bg-sunk">
      <span className={`block h-full rounded-full ${colour}`} style={{ width: `${part * 100}%` }} />
    </span>
  );
}
