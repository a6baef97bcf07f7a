import type { RunList } from '@farthing/core';
import { Choice } from '../../controls/choice.js';
import { SmallButton } from '../../controls/button.js';
import { Money } from '../../controls/money.js';
import { formatCount, formatShare, plural } from '../../figures/counts.js';
import { GroupChoice } from '../../overview/group-choice.js';
import { useChoice, useChoiceText } from '../../view/use-choice.js';
import { useView } from '../../view/use-view.js';
import { AnswerPanel } from '../answer-panel.js';
import { KeyFigures } from '../key-figures.js';
import { Sentence } from '../sentence.js';
import { useAnswer } from '../use-answer.js';
import { RunGroups } from './run-groups.js';
import { RunsTable } from './runs-table.js';

const kinds = ['run', 'session'] as const;
const orders = ['dearest', 'newest', 'most_calls'] as const;
const counts = ['20', '50', '200'] as const;

const orderNames = {
  dearest: 'dearest first',
  newest: 'newest first',
  most_calls: 'most calls first',
} as const;

/** Runs or sessions, what one costs, and what it takes until one succeeds. */
export function RunsPage() {
  const { view } = useView();
  const [kind, chooseKind] = useChoice('kind', kinds);
  const [order, chooseOrder] = useChoice('sort', orders);
  const [top, chooseTop] = useChoice('top', counts);
  const [against, compareWith] = useChoiceText('against');
  const report = useAnswer<RunList>(kind === 'run' ? 'runs' : 'sessions', {
    by: view.group,
    order,
    limit: top,
  });
  return (
    <AnswerPanel
      title="Runs and sessions"
      what={kind === 'run' ? 'the runs' : 'the sessions'}
      report={report}
      controls={
        <div className="flex flex-wrap gap-2">
          <Choice
            label="What is listed"
            value={kind}
            options={[
              { value: 'run', label: 'runs' },
              { value: 'session', label: 'sessions' },
            ]}
            onChange={chooseKind}
          />
          <Choice
            label="Order"
            value={order}
            options={orders.map((value) => ({ value, label: orderNames[value] }))}
            onChange={chooseOrder}
          />
          <GroupChoice />
        </div>
      }
      sentence={(data) => <Sentence text={data.summary} />}
    >
      {(data) => (
        <div className="space-y-6">
          {data.totals.runs > 0 && <Totals list={data} />}
          {against !== null && (
            <p
              role="status"
              className="mx-4 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md bg-accent-soft px-3 py-2 text-[0.8125rem] sm:mx-6"
            >
              <span className="min-w-0 break-all">
                Open another {data.kind} to see which steps make it differ from{' '}
                <span className="font-semibold">{against}</span>.
              </span>
              <SmallButton onClick={() => compareWith(null)}>Compare nothing</SmallButton>
            </p>
          )}
          {data.rows.length > 0 && (
            <RunsTable list={data} against={against} onCompare={compareWith} />
          )}
          {data.truncated && (
            <p className="px-4 text-[0.8125rem] text-ink-2 sm:px-6">
              {formatCount(data.rows.length)} of {plural(data.totals.runs, data.kind)} are listed.
              {top !== '200' && (
                <SmallButton
                  quiet
                  className="ml-2"
                  onClick={() => chooseTop(top === '20' ? '50' : '200')}
                >
                  Show more
                </SmallButton>
              )}
            </p>
          )}
          {data.groups.length > 0 && <RunGroups list={data} />}
        </div>
      )}
    </AnswerPanel>
  );
}

function Totals({ list: { totals, kind } }: { list: RunList }) {
  const success = [
    {
      label: 'Each success',
      value: <Money usd={totals.cost_per_success_usd} unknown="–" />,
      note: 'what failed is paid for, too',
    },
    {
      label: 'Succeeded',
      value: formatShare(totals.success_rate),
      note: `${formatCount(totals.successes)} of ${formatCount(totals.judged)} whose outcome is known`,
    },
  ];
  return (
    <div className="px-4 sm:px-6">
      <KeyFigures
        figures={[
          {
            label: `Each ${kind}`,
            value: <Money usd={totals.cost_per_run_usd} />,
            note: `${plural(totals.runs, kind)}, ${(totals.calls_per_run ?? 0).toFixed(1)} calls each`,
          },
          ...(totals.judged > 0 ? success : []),
          {
            label: `All ${kind}s`,
            value: <Money usd={totals.cost_usd} />,
            note: `${formatShare(totals.cost_share)} of all spend`,
          },
        ]}
      />
      {kind === 'run' && totals.judged === 0 && (
        <p className="mt-3 max-w-[52rem] text-[0.8125rem] text-ink-3">
          Nobody has said yet what became of these runs. The SDK’s{' '}
          <code className="font-mono text-xs">{'outcome(runId, { success: true })'}</code> does;
          then this page tells what a success costs.
        </p>
      )}
    </div>
  );
}
