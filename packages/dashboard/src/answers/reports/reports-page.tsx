import type { AnswerFrame } from '@farthing/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { get, change as send } from '../../api/http.js';
import { useReport } from '../../api/use-report.js';
import { Failure } from '../../controls/failure.js';
import { TextField } from '../../controls/fields.js';
import { Loading, Skeleton } from '../../controls/skeleton.js';
import { formatFullDay } from '../../figures/times.js';
import { useView } from '../../view/use-view.js';
import { writeView } from '../../view/view.js';
import { CommandLine } from '../command-line.js';
import { Sentence } from '../sentence.js';
import { parametersOf, viewOf, type SavedReport } from './saved-report.js';

/** Reports that were given a name, here or on a command line, and what they say now. */
export function ReportsPage() {
  const report = useReport('saved reports', null, (_now, signal) =>
    get<{ reports: SavedReport[] }>('/api/v1/reports', signal),
  );
  const { data, error, retry } = report;
  return (
    <>
      <section aria-labelledby="saved-reports" className="panel py-5">
        <h2 id="saved-reports" className="px-4 text-base font-semibold sm:px-6">
          Saved reports
        </h2>
        {error && !data && <Failure what="the saved reports" error={error} retry={retry} />}
        {!data && !error && (
          <div className="px-4 pt-3 sm:px-6">
            <Loading what="the saved reports" />
            <Skeleton className="block h-24 w-full" />
          </div>
        )}
        {data && data.reports.length === 0 && (
          <p className="mt-1 max-w-prose px-4 text-ink-2 sm:px-6">
            None yet. Save the view below, or add{' '}
            <code className="text-[0.8125rem]">--save weekly-by-feature</code> to{' '}
            <code className="text-[0.8125rem]">farthing report</code>.
          </p>
        )}
        {data && data.reports.length > 0 && (
          <ul className="mt-2 -mb-5">
            {data.reports.map((each) => (
              <Item key={each.name} report={each} />
            ))}
          </ul>
        )}
      </section>
      <SaveView saved={data?.reports ?? []} onSaved={retry} />
    </>
  );
}

function Item({ report }: { report: SavedReport }) {
  const { name, parameters, saved_at: at } = report;
  const answer = useReport('saved report', [name, at], (_now, signal) =>
    get<{ summary: string; frame: AnswerFrame }>(
      `/api/v1/report?saved=${encodeURIComponent(name)}`,
      signal,
    ),
  );
  return (
    <li className="grid gap-x-8 gap-y-2 border-t border-line px-4 py-4 sm:px-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,20rem)]">
      <div className="min-w-0">
        <h3 className="font-semibold break-words">
          <Link
            to="/"
            search={writeView(viewOf(report)) as never}
            className="text-accent-ink underline underline-offset-2"
          >
            {name}
          </Link>
        </h3>
        {answer.data && (
          <p className="mt-0.5">
            <Sentence text={answer.data.summary} />
          </p>
        )}
        {answer.error && <p className="mt-0.5 text-warn">{answer.error.message}</p>}
        <p className="mt-0.5 text-[0.8125rem] break-words text-ink-3">
          {Object.entries(parameters)
            .map(([key, value]) => `${key} ${[value].flat().join(' and ')}`)
            .join(', ')}
          {'; '}saved {formatFullDay(at)}
        </p>
      </div>
      <CommandLine command={`farthing report ${name}`} />
    </li>
  );
}

/** The window, filters and grouping that the reader looks at, under a name. */
function SaveView({ saved, onSaved }: { saved: readonly SavedReport[]; onSaved: () => void }) {
  const { view } = useView();
  const [name, setName] = useState('');
  const [told, setTold] = useState<{ problem?: string; done?: string }>({});
  const parameters = parametersOf(view);
  const replaces = saved.some((each) => each.name === name.trim());
  const save = async () => {
    try {
      await send('PUT', `/api/v1/reports/${encodeURIComponent(name.trim())}`, { parameters });
      setTold({ done: `Saved as ${name.trim()}.` });
      setName('');
      onSaved();
    } catch (error) {
      setTold({ problem: (error as Error).message });
    }
  };
  return (
    <section aria-labelledby="save-view" className="panel px-4 py-5 sm:px-6">
      <h2 id="save-view" className="text-base font-semibold">
        Save this view
      </h2>
      <p className="mt-1 max-w-prose text-ink-2">
        Its window, filters and grouping:{' '}
        <span className="text-ink">
          {Object.entries(parameters)
            .map(([key, value]) => `${key} ${[value].flat().join(' and ')}`)
            .join(', ')}
        </span>
        . A window like 7d moves on.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
        className="mt-3 flex flex-wrap items-start gap-3"
      >
        <div className="w-full max-w-72">
          <TextField
            label="Name"
            name="name"
            required
            value={name}
            onChange={(event) => {
              setName(event.target.value);
              setTold({});
            }}
            placeholder="weekly-by-feature"
            hint={
              replaces ? 'Replaces the one of this name' : 'Lower-case letters, digits, - and _'
            }
            problem={told.problem}
          />
        </div>
        <button
          type="submit"
          className="mt-[1.4rem] h-9 rounded-md bg-accent px-4 text-sm font-semibold text-on-accent hover:opacity-90"
        >
          Save
        </button>
        <p role="status" className="mt-8 text-[0.8125rem] text-ink-2">
          {told.done}
        </p>
      </form>
    </section>
  );
}
