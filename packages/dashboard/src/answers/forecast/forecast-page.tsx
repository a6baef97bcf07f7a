import { useState } from 'react';
import { SmallButton } from '../../controls/button.js';
import { Choice } from '../../controls/choice.js';
import { chartNumber } from '../../money/usd.js';
import { formatMonth } from '../../view/closed-month.js';
import { dimensionLabel, isDimension } from '../../view/dimensions.js';
import { useChoices } from '../../view/use-choices.js';
import { AnswerPanel } from '../answer-panel.js';
import { Sentence } from '../sentence.js';
import { BudgetOutlooks } from './budget-outlooks.js';
import { DayTable } from './day-table.js';
import { dayWords } from './day-words.js';
import { fanDays, fanTop } from './fan.js';
import { FanChart } from './fan-chart.js';
import { ForecastFigures } from './forecast-figures.js';
import { ForecastRows } from './forecast-rows.js';
import { monthsAround } from './months-around.js';
import { useForecast, type ForecastAnswer } from './use-forecast.js';

const offered = ['feature', 'model', 'provider', 'tenant', 'environment'] as const;

/** What the month will have cost, in which range, and which budgets end before it. */
export function ForecastPage() {
  const [{ month, by = 'feature' }, choose] = useChoices(['month', 'by']);
  const report = useForecast(month ?? null, by);
  const dimensions = isDimension(by) && !offered.includes(by as never) ? [...offered, by] : offered;
  const months = monthsAround(new Date(), month);
  return (
    <AnswerPanel
      title={month === undefined ? 'What this month will cost' : `What ${formatMonth(month)} costs`}
      what="the forecast"
      report={report}
      sentence={(data) => <Sentence text={data.summary} />}
      controls={
        <div className="flex flex-wrap gap-2">
          <Choice
            label="Month"
            value={month ?? months.now}
            options={months.all.map((value) => ({ value, label: formatMonth(value) }))}
            onChange={(value) => choose({ month: value === months.now ? '' : value })}
          />
          <Choice
            label="By"
            value={by}
            options={dimensions.map((value) => ({
              value: value as string,
              label: `by ${dimensionLabel(value).toLowerCase()}`,
            }))}
            onChange={(value) => choose({ by: value === 'feature' ? '' : value })}
          />
        </div>
      }
    >
      {(forecast) => <Figures forecast={forecast} />}
    </AnswerPanel>
  );
}

function Figures({ forecast }: { forecast: ForecastAnswer }) {
  const [asTable, setAsTable] = useState(false);
  const { points, total, month, budgets, now } = forecast;
  const days = fanDays(points);
  const limits = (budgets ?? []).filter(
    ({ scope, window, measure, paused, limit }) =>
      Object.keys(scope).length === 0 &&
      window === 'month' &&
      measure === 'usd' &&
      !paused &&
      month === now.slice(0, 7) &&
      chartNumber(limit) <= fanTop(days),
  );
  return (
    <div className="space-y-7 px-4 sm:px-6">
      <ForecastFigures month={month} total={total} before_begins={forecast.before_begins} />
      {points.length > 0 && (
        <div>
          <div className="flex justify-end">
            <SmallButton quiet aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
              {asTable ? 'Show chart' : 'Show as table'}
            </SmallButton>
          </div>
          {asTable ? (
            <DayTable points={points} />
          ) : (
            <FanChart
              days={days}
              now={Date.parse(now)}
              spent={chartNumber(total.spent_usd)}
              limits={limits.map(({ budget, limit }) => ({ name: budget, usd: limit }))}
              wordsOf={(index) => (points[index] === undefined ? '' : dayWords(points[index]))}
            />
          )}
          <p className="mt-1 text-xs text-ink-3">
            A forecast is of a whole month: the filters above apply to it, the window does not.
          </p>
        </div>
      )}
      <ForecastRows forecast={forecast} />
      {budgets && <BudgetOutlooks outlooks={budgets} />}
    </div>
  );
}
