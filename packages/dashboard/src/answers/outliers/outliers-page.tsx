import type { Framed, OutlierReport } from '@farthing/core';
import { useState } from 'react';
import { CallDrawer } from '../../calls/call-drawer.js';
import { Choice } from '../../controls/choice.js';
import { Money } from '../../controls/money.js';
import { formatCount, formatShare, plural } from '../../figures/counts.js';
import { useChoice } from '../../view/use-choice.js';
import { useView } from '../../view/use-view.js';
import { AnswerPanel } from '../answer-panel.js';
import { KeyFigures } from '../key-figures.js';
import { Sentence } from '../sentence.js';
import { useAnswer } from '../use-answer.js';
import { GroupsTable } from './groups-table.js';
import { OutliersTable } from './outliers-table.js';
import { RunsWithOutliers } from './runs-with-outliers.js';

const counts = ['20', '50', '200'] as const;

/** Calls far dearer than their peers, each with what made it so. */
export function OutliersPage() {
  const { view, change } = useView();
  const [top, choose] = useChoice('top', counts);
  const report = useAnswer<Framed<OutlierReport>>('outliers', { top });
  // The drawer keeps its content while it slides away.
  const [lastCall, setLastCall] = useState(view.call);
  if (view.call !== null && view.call !== lastCall) setLastCall(view.call);
  return (
    <>
      <AnswerPanel
        title="Calls that cost far more than their peers"
        what="the outliers"
        report={report}
        controls={
          <Choice
            label="List"
            value={top}
            options={counts.map((value) => ({ value, label: `the ${value} dearest` }))}
            onChange={choose}
          />
        }
        sentence={(data) => <Sentence text={data.summary} />}
      >
        {(data) => <Outliers report={data} />}
      </AnswerPanel>
      <CallDrawer id={lastCall} open={view.call !== null} onClose={() => change({ call: null })} />
    </>
  );
}

function Outliers({ report }: { report: OutlierReport }) {
  const { total, outliers, groups, runs, rule, not_judged_calls: notJudged } = report;
  return (
    <div className="space-y-6">
      {total.outliers > 0 && (
        <div className="px-4 sm:px-6">
          <KeyFigures
            figures={[
              {
                label: 'More than their peers',
                value: <Money usd={total.excess_usd} />,
                note: 'what they cost above the average of their peers',
              },
              {
                label: 'Outliers',
                value: formatCount(total.outliers),
                note: `of ${plural(total.judged_calls, 'call')}`,
              },
              {
                label: 'They cost',
                value: <Money usd={total.cost_usd} />,
                note: `${formatShare(total.cost_share)} of all spend`,
              },
            ]}
          />
        </div>
      )}
      {outliers.length > 0 && <OutliersTable outliers={outliers} />}
      {total.outliers > outliers.length && (
        <p className="px-4 text-[0.8125rem] text-ink-2 sm:px-6">
          The dearest {formatCount(outliers.length)} of {formatCount(total.outliers)} are listed.
        </p>
      )}
      {groups.length > 0 && <GroupsTable groups={groups} />}
      {runs.length > 0 && <RunsWithOutliers runs={runs} />}
      <p className="max-w-[60rem] px-4 text-[0.8125rem] text-ink-3 sm:px-6">
        An outlier costs more than {rule.median_factor} × the median of its feature and model, and
        more than all but {formatShare(rule.tail_probability)} of them would. With fewer than{' '}
        {formatCount(rule.least_calls)} calls, a model’s calls are held against their feature’s, and
        those against all.
        {notJudged > 0 &&
          ` ${plural(notJudged, 'call')} could not be judged: without a cost, or with too few to compare with.`}
      </p>
    </div>
  );
}
