import type { AnswerFrame, MarginReport } from '@farthing/core';
import { Choice } from '../../controls/choice.js';
import { Money } from '../../controls/money.js';
import { formatShare, plural } from '../../figures/counts.js';
import { parseUsd } from '../../money/usd.js';
import { useChoiceText } from '../../view/use-choice.js';
import { AnswerPanel } from '../answer-panel.js';
import { CommandLine } from '../command-line.js';
import { KeyFigures } from '../key-figures.js';
import { Sentence } from '../sentence.js';
import { SignedMoney } from '../signed-money.js';
import { useAnswer } from '../use-answer.js';
import { MarginTable } from './margin-table.js';
import { PlanTable } from './plan-table.js';
import { RevenueHow } from './revenue-how.js';

type Answer = MarginReport & { frame: AnswerFrame };

const options = [
  { value: '', label: 'by whom the revenue names' },
  { value: 'tenant', label: 'by tenant' },
  { value: 'user', label: 'by user' },
  { value: 'plan', label: 'by plan' },
];

/** Revenue against cost: who costs more than they pay. */
export function MarginPage() {
  const [by, choose] = useChoiceText('by');
  const report = useAnswer<Answer>('margin', { by: by ?? undefined });
  return (
    <>
      <AnswerPanel
        title="Who costs more than they pay"
        what="the margin"
        report={report}
        sentence={(data) =>
          hasRevenue(data) ? (
            <Sentence text={data.summary} />
          ) : (
            'No revenue is known, so nobody can be said to earn or to lose.'
          )
        }
        controls={
          <Choice
            label="By"
            value={by ?? ''}
            options={options}
            onChange={(value) => choose(value === '' ? null : value)}
          />
        }
      >
        {(data) => (hasRevenue(data) ? <Margin data={data} /> : <CostAlone data={data} />)}
      </AnswerPanel>
      <Statements />
    </>
  );
}

const hasRevenue = ({ total }: Answer): boolean =>
  parseUsd(total.revenue_usd) !== 0n || total.unused_accounts > 0;

function Margin({ data }: { data: Answer }) {
  const { total } = data;
  return (
    <>
      <div className="px-4 pb-5 sm:px-6">
        <KeyFigures
          figures={[
            {
              label: 'Margin',
              value:
                total.margin_usd === null ? (
                  <Money usd={null} />
                ) : (
                  <SignedMoney usd={total.margin_usd} plain />
                ),
              note:
                total.margin_share === null
                  ? undefined
                  : `${total.margin_share < 0 ? '−' : ''}${formatShare(Math.abs(total.margin_share))} of the revenue`,
            },
            { label: 'Revenue', value: <Money usd={total.revenue_usd} /> },
            { label: 'Cost', value: <Money usd={total.cost_usd} /> },
            {
              label: 'Lost on those who cost more',
              value: <Money usd={total.lost_usd} />,
              note: `${total.losing_accounts} of ${plural(total.accounts, 'account')}`,
            },
            {
              label: 'Cost without revenue',
              value: <Money usd={total.cost_without_revenue_usd} />,
              note: plural(total.accounts_without_revenue, 'account'),
            },
          ]}
        />
      </div>
      <MarginTable report={data} />
      <Rest data={data} />
      {data.by !== 'plan' && data.plans.length > 0 && (
        <>
          <h3 className="px-4 pt-6 pb-2 font-semibold sm:px-6">By plan</h3>
          <PlanTable plans={data.plans} />
        </>
      )}
    </>
  );
}

function CostAlone({ data }: { data: Answer }) {
  return (
    <>
      <RevenueHow />
      {data.accounts.length > 0 && (
        <>
          <h3 className="px-4 pt-7 pb-2 font-semibold sm:px-6">What they cost, until then</h3>
          <MarginTable report={data} />
          <Rest data={data} />
        </>
      )}
    </>
  );
}

/** What is in the total and in no line. */
function Rest({ data: { total, by, truncated } }: { data: Answer }) {
  if (parseUsd(total.unattributed_usd) === 0n && !truncated) return null;
  return (
    <p className="border-t border-line px-4 pt-3 text-[0.8125rem] text-ink-2 sm:px-6">
      {parseUsd(total.unattributed_usd) > 0n && (
        <>
          <Money usd={total.unattributed_usd} /> of calls that name no {by}: in the total, and in no
          line.{' '}
        </>
      )}
      {truncated && 'There are more than are listed.'}
    </p>
  );
}

/** Bills are a matter of files: the command that writes them. */
function Statements() {
  return (
    <section aria-labelledby="statements" className="panel px-4 py-5 sm:px-6">
      <h2 id="statements" className="text-base font-semibold">
        Statements
      </h2>
      <p className="mt-1 mb-3 max-w-prose text-ink-2">
        A statement of last month for each tenant, which together add up to the invoice to the cent;
        what is shared and what names nobody is divided by a stated rule. As files to send:
      </p>
      <div className="max-w-[40rem]">
        <CommandLine command="farthing statements --out statements" />
      </div>
    </section>
  );
}
