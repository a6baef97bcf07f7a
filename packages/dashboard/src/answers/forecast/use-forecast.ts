import type { AnswerFrame, BudgetOutlook, Forecast } from '@farthing/core';
import { filterParameter } from '../../api/contract.js';
import { get } from '../../api/http.js';
import { useReport, type Report } from '../../api/use-report.js';
import { useView } from '../../view/use-view.js';

export type ForecastAnswer = Forecast & { frame: AnswerFrame; budgets: BudgetOutlook[] | null };

/** `GET /api/v1/forecast` of a month, for the view's filters: a window it has none. */
export function useForecast(month: string | null, by: string): Report<ForecastAnswer> {
  const { view } = useView();
  return useReport('forecast', [view.filters, month, by], (_now, signal) => {
    const parameters = new URLSearchParams({ by, budgets: 'true' });
    if (month !== null) parameters.set('month', month);
    for (const filter of view.filters) parameters.append('filter', filterParameter(filter));
    return get<ForecastAnswer>(`/api/v1/forecast?${parameters}`, signal);
  });
}
