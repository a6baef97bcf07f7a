import type { Review, ReviewSection } from '@farthing/core';
import { SmallButton } from '../../controls/button.js';
import { formatRange } from '../../figures/times.js';
import { useView } from '../../view/use-view.js';
import { AnswerPanel } from '../answer-panel.js';
import { CommandLine } from '../command-line.js';
import { Sentence } from '../sentence.js';
import { useAnswer } from '../use-answer.js';
import { Actions } from './actions.js';
import { MoreLink } from './more-link.js';
import { SectionChart } from './review-chart.js';
import { SectionTable } from './review-table.js';

const day = 86_400_000;

/** The week on one page: what was spent and why that changed, what stands out, three things to do. */
export function ReviewPage() {
  const { change } = useView();
  const report = useAnswer<Review>('review');
  const window = report.data?.window;
  const isShort = window !== undefined && Date.parse(window.to) - Date.parse(window.from) < 5 * day;
  return (
    <AnswerPanel
      title={window === undefined ? 'Review' : `Review of ${formatRange(window.from, window.to)}`}
      what="the review"
      report={report}
      sentence={(data) => <Sentence text={data.summary} />}
      controls={
        <div className="flex gap-2 print:hidden">
          {isShort && (
            <SmallButton onClick={() => change({ window: { kind: 'preset', preset: '7d' } })}>
              The last 7 days
            </SmallButton>
          )}
          <SmallButton onClick={() => globalThis.print()}>Print</SmallButton>
        </div>
      }
    >
      {(review) => (
        <>
          <Actions actions={review.actions} />
          <div className="mt-6">
            {review.sections.map((section) => (
              <Section key={section.id} section={section} />
            ))}
          </div>
          <div className="border-t border-line px-4 pt-5 sm:px-6 print:hidden">
            <p className="mb-2 text-[0.8125rem] text-ink-2">
              The same as one file to send or to keep, which loads nothing:
            </p>
            <div className="max-w-[40rem]">
              <CommandLine command={fileCommand(review)} />
            </div>
          </div>
        </>
      )}
    </AnswerPanel>
  );
}

const fileCommand = ({ window, frame }: Review): string =>
  [
    'farthing review --html review.html',
    `--since ${window.from} --until ${window.to}`,
    ...(frame.filters.length > 0 ? ['# add --filter for what is filtered for here'] : []),
  ].join(' ');

function Section({ section }: { section: ReviewSection }) {
  const { id, title, summary, charts = [], table, points = [] } = section;
  return (
    <section
      aria-labelledby={`review-${id}`}
      className="space-y-3 border-t border-line px-4 py-5 sm:px-6 print:break-inside-avoid"
    >
      <div>
        <div className="flex flex-wrap items-baseline justify-between gap-x-4">
          <h3 id={`review-${id}`} className="font-semibold">
            {title}
          </h3>
          <MoreLink section={id} />
        </div>
        <p className="mt-0.5 max-w-[56rem]">
          <Sentence text={summary} />
        </p>
      </div>
      {charts.length > 0 && (
        <div
          className={`grid gap-x-10 gap-y-5 ${charts.length > 1 ? 'lg:grid-cols-2' : 'max-w-[48rem]'}`}
        >
          {charts.map((chart) => (
            <SectionChart key={chart.kind} chart={chart} />
          ))}
        </div>
      )}
      {table && <SectionTable table={table} title={title} />}
      {points.length > 0 && (
        <ul className="space-y-2 text-[0.8125rem]">
          {points.map(({ text, command }) => (
            <li key={text} className="max-w-[56rem]">
              <Sentence text={text} />
              {command !== undefined && (
                <span className="mt-1 block w-fit max-w-full">
                  <CommandLine command={command} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
