import type { Incident } from '@farthing/core';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { KeyFigures } from '../answers/key-figures.js';
import { Sentence } from '../answers/sentence.js';
import { RunLink } from '../answers/runs/run-link.js';
import { CallDrawer } from '../calls/call-drawer.js';
import { Badge } from '../controls/badge.js';
import { Failure, StaleHint } from '../controls/failure.js';
import { Money } from '../controls/money.js';
import { Loading, Skeleton } from '../controls/skeleton.js';
import { useNow } from '../controls/use-now.js';
import { formatCount, plural } from '../figures/counts.js';
import { formatAgo, formatClockSeconds, formatMoment } from '../figures/times.js';
import { carry, useView } from '../view/use-view.js';
import { Actions } from './actions.js';
import { AroundChart } from './around-chart.js';
import { quantitiesOf } from './around-quantity.js';
import { Findings } from './findings.js';
import { History } from './history.js';
import { IncidentCalls } from './incident-calls.js';
import { factorWords, groupName, isAboutCost, lasted, standing } from './incident-words.js';
import { LikelyChange } from './likely-change.js';
import { PersonActions } from './person-actions.js';
import { useIncident } from './use-incidents.js';

/** One incident: what is wrong, since when, what it costs, why, and what can be done. */
export function IncidentPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const { view, change } = useView();
  const { data, error, refetch, dataUpdatedAt } = useIncident(id);
  const now = useNow(15_000);
  // The drawer keeps its content while it slides away.
  const [lastCall, setLastCall] = useState(view.call);
  if (view.call !== null && view.call !== lastCall) setLastCall(view.call);
  const title = data?.title;
  useEffect(() => {
    if (title !== undefined) document.title = `${title} – Farthing`;
  }, [title]);
  return (
    <div className="space-y-4 pt-4">
      <Link
        to="/incidents"
        search={carry(view) as never}
        className="inline-block text-[0.8125rem] font-medium text-accent-ink hover:underline"
      >
        All incidents
      </Link>
      {error && data !== undefined && (
        <StaleHint
          error={error}
          updatedAt={formatClockSeconds(dataUpdatedAt)}
          retry={() => void refetch()}
        />
      )}
      {error && data === undefined && (
        <section className="panel">
          <Failure what="this incident" error={error} retry={() => void refetch()} />
        </section>
      )}
      {data === undefined && !error && (
        <section className="panel px-4 py-5 sm:px-6">
          <Loading what="the incident" />
          <Skeleton className="block h-[36rem] w-full" />
        </section>
      )}
      {data !== undefined && <Details incident={data} now={now} />}
      <CallDrawer id={lastCall} open={view.call !== null} onClose={() => change({ call: null })} />
    </div>
  );
}

function Details({ incident, now }: { incident: Incident; now: number }) {
  const { title, summary, severity, state, suggestion, size, run, cause } = incident;
  const { text, tone } = standing(incident, now);
  return (
    <>
      <section aria-labelledby="incident" className="panel">
        <div className="px-4 pt-5 sm:px-6">
          <div className="grid gap-x-6 gap-y-4 lg:grid-cols-[minmax(0,1fr)_auto]">
            <div className="min-w-0">
              <p className="flex flex-wrap gap-1.5">
                <Badge tone={severity === 'page' && state !== 'resolved' ? 'bad' : 'calm'}>
                  {severity === 'page' ? 'Page' : 'Record'}
                </Badge>
                <Badge tone={tone}>{text}</Badge>
              </p>
              <h1 id="incident" className="mt-1.5 text-xl font-semibold break-words">
                {title}
              </h1>
              <p className="mt-2 max-w-[52rem] text-[1.0625rem] text-ink">
                <Sentence text={summary} />
              </p>
              {suggestion !== '' && (
                <p className="mt-3 max-w-[52rem] rounded-md border border-line bg-sunk px-3.5 py-2.5">
                  <span className="font-semibold">What to do: </span>
                  <Sentence text={suggestion} />
                </p>
              )}
            </div>
            <PersonActions incident={incident} now={now} />
          </div>
          <div className="mt-5">
            <KeyFigures figures={figuresOf(incident, now)} />
          </div>
        </div>
        <div className="mt-6 grid gap-x-10 gap-y-6 border-t border-line px-4 py-5 sm:px-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <AroundChart key={incident.id} incident={incident} now={now} />
          <div className="space-y-6">
            <LikelyChange incident={incident} />
            {run !== null && (
              <div>
                <h2 className="font-semibold">The run</h2>
                <p className="mt-1 text-[0.8125rem]">
                  <RunLink id={run} />
                  <span className="block text-ink-3">
                    Its steps as a tree, with what each cost.
                  </span>
                </p>
              </div>
            )}
            {size === null && isAboutCost(cause) && (
              <p className="text-[0.8125rem] text-ink-3">
                What it costs above normal is not known: no prices, or nothing before to compare
                with.
              </p>
            )}
          </div>
        </div>
      </section>
      <Actions incident={incident} now={now} />
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]">
        <div className="min-w-0 space-y-4">
          <IncidentCalls incident={incident} />
          <Findings findings={incident.findings} />
        </div>
        <History incident={incident} />
      </div>
    </>
  );
}

function figuresOf(incident: Incident, now: number) {
  const {
    size,
    since,
    opened_at: opened,
    resolved_at: resolved,
    calls,
    factor,
    group,
    cause,
    run,
  } = incident;
  const isOver = resolved !== null;
  return [
    ...(size === null
      ? []
      : [
          {
            label: isOver ? 'It cost above normal' : 'Above normal',
            value: isOver ? (
              <Money usd={size.above_usd} />
            ) : (
              <>
                <Money usd={size.above_usd_per_hour} />
                <span className="text-base font-medium text-ink-2"> an hour</span>
              </>
            ),
            note: isOver ? (
              'in all'
            ) : (
              <>
                <Money usd={size.normal_usd_per_hour} /> → <Money usd={size.now_usd_per_hour} /> an
                hour
              </>
            ),
          },
          ...(isOver
            ? []
            : [
                { label: 'So far', value: <Money usd={size.above_usd} />, note: 'above normal' },
                {
                  label: 'By midnight',
                  value: <Money usd={size.by_midnight_usd} />,
                  note: run === null ? 'if it goes on, UTC' : 'if it runs as long again, UTC',
                },
                ...(size.by_month_end_usd === null
                  ? []
                  : [
                      {
                        label: 'By month’s end',
                        value: <Money usd={size.by_month_end_usd} />,
                        note: 'if it goes on',
                      },
                    ]),
              ]),
        ]),
    {
      label: isOver ? 'Lasted' : 'Since',
      value: isOver ? lasted(incident) : formatMoment(since),
      note: isOver
        ? `from ${formatMoment(since)} UTC`
        : `${formatAgo(now - Date.parse(since))}, found ${formatMoment(opened)} UTC`,
    },
    cause === 'budget_pace' && factor !== null
      ? { label: 'Pace', value: factorWords(factor), note: 'what its window allows' }
      : {
          label: factor === null ? 'Calls since' : quantitiesOf(cause)[0]!.label,
          value: factor === null ? formatCount(calls) : factorWords(factor),
          note: factor === null ? groupName(group) : `what it was, ${plural(calls, 'call')} since`,
        },
  ];
}
