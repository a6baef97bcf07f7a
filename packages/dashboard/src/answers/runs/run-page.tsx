import { runKinds } from './run-kinds.js';
import type { RunReport } from '@farthing/core';
import { Link, useParams } from '@tanstack/react-router';
import { get } from '../../api/http.js';
import { useReport } from '../../api/use-report.js';
import { SmallButton } from '../../controls/button.js';
import { Money } from '../../controls/money.js';
import {
  formatCompact,
  formatDuration,
  formatShare,
  plural,
  shareOf,
} from '../../figures/counts.js';
import { formatInstant } from '../../figures/times.js';
import { useChoice, useChoiceText } from '../../view/use-choice.js';
import { carry, useView } from '../../view/use-view.js';
import { AnswerPanel } from '../answer-panel.js';
import { KeyFigures } from '../key-figures.js';
import { Sentence } from '../sentence.js';
import { OutcomeWord } from './outcome-word.js';
import { RunComparison } from './run-comparison.js';
import { RunTree } from './run-tree.js';
import { StopRun } from './stop-run.js';

/** One run, session or trace: its tree with the cost of every part, and beside another one. */
export function RunPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const { view } = useView();
  const [kind] = useChoice('kind', runKinds);
  const [against, compareWith] = useChoiceText('against');
  const report = useReport('run', [id, kind, against], (_now, signal) => {
    const parameters = new URLSearchParams();
    if (kind !== 'any') parameters.set('kind', kind);
    if (against !== null) parameters.set('against', against);
    return get<RunReport>(`/api/v1/runs/${encodeURIComponent(id)}?${parameters}`, signal);
  });
  const list = report.data?.run.kind === 'session' ? 'session' : 'run';
  const back = carry(view, { choices: list === 'session' ? { kind: 'session' } : {} });
  return (
    <AnswerPanel
      title={id}
      what={`${kind === 'any' ? 'run' : kind} ${id}`}
      report={report}
      controls={
        <div className="flex flex-wrap items-center gap-2 text-[0.8125rem]">
          <Link
            to="/answers/runs"
            search={back as never}
            className="flex h-8 items-center px-2 font-medium text-accent-ink hover:underline"
          >
            All {list}s
          </Link>
          {report.data?.run.kind === 'run' && <StopRun run={id} />}
          {against === null ? (
            <Link
              to="/answers/runs"
              search={
                carry(view, {
                  choices: { ...(list === 'session' ? { kind: list } : {}), against: id },
                }) as never
              }
              className="flex h-8 items-center rounded-md border border-line-strong bg-surface px-2.5 font-medium hover:bg-sunk"
            >
              Compare with …
            </Link>
          ) : (
            <SmallButton onClick={() => compareWith(null)}>Compare nothing</SmallButton>
          )}
        </div>
      }
      sentence={(data) => <Sentence text={data.summary} />}
    >
      {(data) => <Run report={data} />}
    </AnswerPanel>
  );
}

function Run({ report }: { report: RunReport }) {
  const { view } = useView();
  const { run, tree, comparison, frame } = report;
  const calls = carry(view, {
    filters: [{ dimension: run.kind, op: 'in', values: [run.id] }],
    window: { kind: 'custom', ...frame.window },
    order: 'dearest',
  });
  return (
    <div className="space-y-6">
      <div className="px-4 sm:px-6">
        <KeyFigures
          figures={[
            {
              label: 'It cost',
              value: <Money usd={run.cost_usd} />,
              note:
                run.retries > 0 ? (
                  <>
                    {plural(run.retries, 'retry', 'retries')} took{' '}
                    <Money usd={run.retries_cost_usd} />
                  </>
                ) : (
                  'no retries'
                ),
            },
            {
              label: 'Calls',
              value: formatCompact(run.calls),
              note: run.errors > 0 ? `${formatCompact(run.errors)} failed` : 'none failed',
            },
            {
              label: 'Tokens',
              value: formatCompact(run.tokens.input + run.tokens.output),
              note: `${formatCompact(run.tokens.output)} out, ${formatShare(shareOf(run.tokens.cache_read, run.tokens.input))} of input from cache`,
            },
            {
              label: 'Took',
              value: run.duration_ms === null ? '–' : formatDuration(run.duration_ms),
              note:
                run.first_call_at === null
                  ? undefined
                  : `from ${formatInstant(run.first_call_at).slice(0, -4)} UTC`,
            },
            ...(run.outcome === null
              ? []
              : [
                  {
                    label: 'Outcome',
                    value: <OutcomeWord outcome={run.outcome.outcome} />,
                    note: run.outcome.score === null ? undefined : `score ${run.outcome.score}`,
                  },
                ]),
          ]}
        />
      </div>
      {comparison !== null && <RunComparison run={run} comparison={comparison} />}
      <section aria-label="Steps">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 pb-2 sm:px-6">
          <h3 className="font-semibold">Its steps</h3>
          <Link
            to="/calls"
            search={calls as never}
            className="text-[0.8125rem] font-medium text-accent-ink hover:underline"
          >
            Each of its calls
          </Link>
        </div>
        <RunTree nodes={tree} />
      </section>
    </div>
  );
}
