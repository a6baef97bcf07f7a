import type { ExplainReport, Framed } from '@farthing/core';
import { get } from '../../api/http.js';
import { useReport } from '../../api/use-report.js';
import { Choice } from '../../controls/choice.js';
import { GroupChoice } from '../../overview/group-choice.js';
import { useChoice } from '../../view/use-choice.js';
import { useView } from '../../view/use-view.js';
import { AnswerPanel } from '../answer-panel.js';
import { Sentence } from '../sentence.js';
import { answerPath } from '../use-answer.js';
import { causeCounts } from './cause-counts.js';
import { CausesTable } from './causes-table.js';
import { comparedWith, earlierWindow, type ComparedWith } from './compared-with.js';
import { Waterfall } from './waterfall.js';

const labels: Record<ComparedWith, string> = {
  previous: 'against the window before',
  week: 'against a week earlier',
  four_weeks: 'against four weeks earlier',
};

/** Why spend changed: the sentence, the way from before to after, and who did what. */
export function ExplainPage() {
  const { view } = useView();
  const [against, choose] = useChoice('against', comparedWith);
  const [top] = useChoice('top', causeCounts);
  const report = useReport(
    'explain',
    [view.window, view.filters, view.group, against, top],
    (now, signal) => {
      const earlier = earlierWindow(view.window, against, now);
      const choice = { by: view.group, limit: top, against: `${earlier.from}..${earlier.to}` };
      return get<Framed<ExplainReport>>(answerPath('explain', view, now, choice), signal);
    },
  );
  return (
    <AnswerPanel
      title="Why spend changed"
      what="why spend changed"
      report={report}
      controls={
        <div className="flex flex-wrap gap-2">
          <Choice
            label="Compare with"
            value={against}
            options={comparedWith.map((value) => ({ value, label: labels[value] }))}
            onChange={choose}
          />
          <GroupChoice />
        </div>
      }
      sentence={(data) => <Sentence text={data.summary} />}
    >
      {(data) => (
        <div className="space-y-6">
          {data.steps.length > 0 && <Waterfall report={data} />}
          <CausesTable report={data} />
          {data.notes.map((note) => (
            <p key={note} className="px-4 text-[0.8125rem] text-ink-2 sm:px-6">
              {note}
            </p>
          ))}
        </div>
      )}
    </AnswerPanel>
  );
}
