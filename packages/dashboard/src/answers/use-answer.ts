import { filterParameter } from '../api/contract.js';
import { get } from '../api/http.js';
import { useReport, type Report } from '../api/use-report.js';
import { useView } from '../view/use-view.js';
import type { View } from '../view/view.js';
import { windowOf } from '../view/window.js';

/** Beyond window and filters, which every answer takes from the view; what is absent is not sent. */
export type AnswerChoice = Record<string, string | number | undefined>;

/** `GET /api/v1/<path>` for the view's window and filters. */
export function useAnswer<Data>(
  path: string,
  choice: AnswerChoice = {},
  ready = true,
): Report<Data> {
  const { view } = useView();
  return useReport(
    path,
    [view.window, view.filters, choice],
    (now, signal) => get<Data>(answerPath(path, view, now, choice), signal),
    ready,
  );
}

/** An answer's address for the view's window as it is now, and its filters. */
export function answerPath(
  path: string,
  view: Pick<View, 'window' | 'filters'>,
  now: number,
  choice: AnswerChoice,
): string {
  const window = windowOf(view.window, now);
  const parameters = new URLSearchParams({ since: window.from, until: window.to });
  for (const filter of view.filters) parameters.append('filter', filterParameter(filter));
  for (const [name, value] of Object.entries(choice))
    if (value !== undefined) parameters.set(name, String(value));
  return `/api/v1/${path}?${parameters}`;
}
