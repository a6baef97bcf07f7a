import type { AlertOverview, AlertRuleView, SinkStatus } from '@farthing/core';
import { table } from '../answers/openable-row.js';
import { Badge } from '../controls/badge.js';
import { Failure } from '../controls/failure.js';
import { Loading, Skeleton } from '../controls/skeleton.js';
import { formatCount, plural } from '../figures/counts.js';
import { formatMoment } from '../figures/times.js';
import { deedEffect } from './deed-words.js';
import { deedName } from './incident-words.js';
import { FirstSink } from './first-sink.js';
import { TryRule } from './try-rule.js';
import { TrySink } from './try-sink.js';
import { useAlerts } from './use-incidents.js';
import {
  modeWords,
  sinkState,
  termsText,
  watchProblems,
  watchedSentence,
} from './watched-words.js';

/** What is looked for, who is told, and what may be done about it without asking. */
export function Watched({
  isSaid,
}: {
  /** Whether its sentence stands above already. */ isSaid: boolean;
}) {
  const { data, error, refetch } = useAlerts();
  return (
    <section aria-labelledby="watched" className="panel">
      <div className="px-4 pt-4 pb-4 sm:px-6">
        <h2 id="watched" className="text-base font-semibold">
          What is watched
        </h2>
        {!isSaid && (
          <p className="text-[0.8125rem] text-ink-2">
            {data === undefined ? <Skeleton className="h-4 w-80" /> : watchedSentence(data)}
          </p>
        )}
        {data !== undefined &&
          watchProblems(data).map((problem) => (
            <p
              key={problem}
              className="mt-2 rounded-md border border-warn-line bg-warn-soft px-3 py-2 text-[0.8125rem] text-warn"
            >
              {problem}
            </p>
          ))}
      </div>
      {error && !data && (
        <Failure what="what is watched" error={error} retry={() => void refetch()} />
      )}
      {!data && !error && (
        <div className="border-t border-line px-4 py-4 sm:px-6">
          <Loading what="what is watched" />
          <Skeleton className="block h-64 w-full" />
        </div>
      )}
      {data && <Overview overview={data} />}
    </section>
  );
}

function Overview({ overview }: { overview: AlertOverview }) {
  const { rules, detectors, sinks, actions } = overview;
  return (
    <>
      <h3 className="border-t border-line px-4 pt-4 pb-1 font-semibold sm:px-6">Who is told</h3>
      {sinks.length === 0 ? <FirstSink /> : <Sinks sinks={sinks} />}
      {actions.length > 0 && (
        <>
          <h3 className="border-t border-line px-4 pt-4 pb-1 font-semibold sm:px-6">
            What is done about it
          </h3>
          <ul className="px-4 pb-3 text-[0.8125rem] sm:px-6">
            {actions.map(({ on, do: deed, for: duration, approval, group }) => (
              <li
                key={`${on} ${deed} ${group}`}
                className="border-b border-line py-2 last:border-0"
              >
                On <span className="font-medium">{on}</span>
                {group !== null && <> of {group}</>}: {deedName(deed).toLowerCase()} for {duration}{' '}
                <Badge tone={approval === 'manual' ? 'calm' : 'warn'} title={deedEffect(deed)}>
                  {approval === 'manual' ? 'asks first' : 'by itself'}
                </Badge>
              </li>
            ))}
          </ul>
        </>
      )}
      <Rules title="Rules" rules={rules} isFirst={rules.length === 0} />
      <Rules title="Detectors" rules={detectors} />
      <p className="border-t border-line px-4 py-2.5 text-[0.8125rem] text-ink-2 sm:px-6">
        How often would they have spoken up?{' '}
        <TryRule name="detectors" label="Try them on the past" />
      </p>
    </>
  );
}

function Rules({
  title,
  rules,
  isFirst = false,
}: {
  title: string;
  rules: readonly AlertRuleView[];
  /** None is set up yet: say that none is needed. */
  isFirst?: boolean;
}) {
  return (
    <>
      <h3 className="border-t border-line px-4 pt-4 pb-1 font-semibold sm:px-6">{title}</h3>
      {isFirst && (
        <p className="max-w-[44rem] px-4 pb-4 text-[0.8125rem] text-ink-2 sm:px-6">
          None is set, and the detectors need none. Plain thresholds of your own go into
          farthing.yaml under <code>alerts.rules</code>; here it says how often they would have
          fired.
        </p>
      )}
      {rules.length > 0 && (
        <table aria-label={title} className="w-full text-[0.8125rem]">
          <thead className="sr-only">
            <tr>
              <th scope="col">Name</th>
              <th scope="col">What it finds</th>
              <th scope="col">Mode</th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <RuleRow key={rule.name} rule={rule} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function RuleRow({ rule: { name, rule, mode, text, terms } }: { rule: AlertRuleView }) {
  const { text: modeText, tone, title } = modeWords(mode);
  const stated = termsText(terms);
  const quiet = mode === 'off' ? 'text-ink-3' : 'text-ink-2';
  return (
    <tr className="border-b border-line last:border-0">
      <th
        scope="row"
        className={`${table.cell} w-44 pl-4 text-left font-medium sm:pl-6 ${mode === 'off' ? 'text-ink-3' : ''}`}
      >
        {name}
        <span className={`block font-normal sm:hidden ${quiet}`}>{text}</span>
        {rule !== null && (
          <span className="block font-normal sm:hidden">
            <TryRule name={name} label="Try it on the past" />
          </span>
        )}
      </th>
      <td className={`${table.cell} hidden sm:table-cell ${quiet}`}>
        {text}
        {stated !== '' && <span className="figure text-ink-3"> ({stated})</span>}
        {rule !== null && (
          <>
            {' '}
            <TryRule name={name} label="Try it on the past" />
          </>
        )}
      </td>
      <td className={`${table.cell} w-px text-right whitespace-nowrap`}>
        <Badge tone={tone} title={title}>
          {modeText}
        </Badge>
      </td>
    </tr>
  );
}

function Sinks({ sinks }: { sinks: readonly SinkStatus[] }) {
  return (
    <table aria-label="Sinks" className="w-full text-[0.8125rem]">
      <thead className="border-b border-line text-ink-3">
        <tr>
          <th scope="col" className={`${table.head} text-left`}>
            Sink
          </th>
          <th scope="col" className={`${table.head} hidden text-left sm:table-cell`}>
            Last told, UTC
          </th>
          <th scope="col" className={`${table.head} text-right`}>
            Told
          </th>
          <th scope="col" className={`${table.head} text-left`}>
            State
          </th>
          <th scope="col" className={table.head}>
            <span className="sr-only">Try it</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {sinks.map(({ name, type, state, delivered, waiting, last_delivered_at: at, problem }) => {
          const { text, tone } = sinkState(state);
          return (
            <tr key={name} className="border-b border-line last:border-0">
              <th scope="row" className={`${table.cell} pl-4 text-left font-normal sm:pl-6`}>
                <span className="font-medium">{name}</span>
                {type !== name && <span className="text-ink-3"> · {type}</span>}
                {problem !== null && (
                  <span className="block max-w-[44rem] break-words text-warn">{problem}</span>
                )}
              </th>
              <td className={`${table.cell} figure hidden whitespace-nowrap sm:table-cell`}>
                {at === null ? <span className="text-ink-3">not yet</span> : formatMoment(at)}
              </td>
              <td className={`${table.cell} figure text-right`}>
                {formatCount(delivered)}
                {waiting > 0 && (
                  <span className="block text-warn">{plural(waiting, 'notice')} waiting</span>
                )}
              </td>
              <td className={`${table.cell} w-px`}>
                <Badge tone={tone}>{text}</Badge>
              </td>
              <td className={`${table.cell} w-px text-right`}>
                <TrySink name={name} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
