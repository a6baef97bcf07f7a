import type { Reconciliation } from '@farthing/core';
import { ChevronRight } from '../controls/icons.js';
import { Money } from '../controls/money.js';
import { formatCount } from '../figures/counts.js';
import { formatDay } from '../figures/times.js';
import { formatUsd, parseUsd } from '../money/usd.js';
import { stepsOf, type Step } from './accuracy-report.js';

const shownDetails = 6;

/** From the ledger's sum to the provider's, cause by cause; each opens to its largest parts. */
export function Waterfall({ run }: { run: Reconciliation }) {
  return (
    <div>
      <h3 className="text-[0.8125rem] font-medium text-ink-2">
        From the ledger’s figure to the provider’s: what it has more (+) and less (−)
      </h3>
      <ol className="mt-2 border-t border-line text-[0.8125rem]">
        <Sum name="The ledger has" usd={run.ledger_usd} />
        {stepsOf(run).map((step) => (
          <StepLine key={step.key} step={step} />
        ))}
        <Sum
          name={
            run.provider_costs === 'reported'
              ? 'The provider bills'
              : 'The provider’s usage, at list prices'
          }
          usd={run.provider_usd}
        />
      </ol>
    </div>
  );
}

function Sum({ name, usd }: { name: string; usd: string }) {
  return (
    <li className="flex items-baseline gap-4 border-b border-line py-2 font-semibold">
      <span className="flex-1">{name}</span>
      <Money usd={usd} />
    </li>
  );
}

function StepLine({ step }: { step: Step }) {
  const { title, usd, cause } = step;
  const head = (
    <span className="grid flex-1 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 sm:grid-cols-[minmax(0,1fr)_8rem_5.5rem] xl:grid-cols-[minmax(0,1fr)_14rem_6.5rem]">
      <span className={cause === null ? 'italic' : ''}>
        {title.charAt(0).toUpperCase() + title.slice(1)}
      </span>
      <Bar step={step} />
      <span className="figure text-right" title={formatUsd(usd)}>
        {signed(usd)}
      </span>
    </span>
  );
  if (cause === null) return <li className="flex border-b border-line py-2 pl-5">{head}</li>;
  return (
    <li className="border-b border-line">
      <details className="group">
        <summary className="flex list-none items-center gap-1 py-2 hover:bg-sunk [&::-webkit-details-marker]:hidden">
          <span className="w-4 shrink-0 text-ink-3 group-open:rotate-90">
            <ChevronRight size={14} />
          </span>
          {head}
        </summary>
        <div className="space-y-3 pt-1 pb-4 pl-5">
          <ul className="space-y-1.5">
            {cause.details.slice(0, shownDetails).map((detail) => (
              <li key={`${detail.day} ${detail.model} ${detail.note}`} className="flex gap-4">
                <span className="min-w-0 flex-1">
                  <span className="figure text-ink-3">{formatDay(detail.day)}</span>{' '}
                  {detail.model ?? 'no model'}
                  {detail.tokens !== 0 && (
                    <span className="figure text-ink-3"> {formatCount(detail.tokens)} tokens</span>
                  )}
                  <span className="block text-ink-2">{detail.note}</span>
                </span>
                <span className="figure">{signed(detail.usd)}</span>
              </li>
            ))}
          </ul>
        </div>
      </details>
    </li>
  );
}

function Bar({ step: { from, to, usd, cause } }: { step: Step }) {
  const colour = cause === null ? 'bg-warn' : parseUsd(usd) < 0n ? 'bg-cost-rest' : 'bg-accent';
  return (
    <span
      aria-hidden="true"
      className="relative order-last col-span-2 block h-2 rounded-full bg-sunk sm:order-none sm:col-span-1"
    >
      <span
        className={`absolute inset-y-0 rounded-full ${colour}`}
        style={{ left: `${from * 100}%`, width: to > from ? `max(2px, ${(to - from) * 100}%)` : 0 }}
      />
    </span>
  );
}

const signed = (usd: string) => `${parseUsd(usd) > 0n ? '+' : ''}${formatUsd(usd)}`;
