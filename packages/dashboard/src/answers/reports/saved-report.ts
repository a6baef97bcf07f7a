import type { Filter } from '@farthing/core';
import { filterParameter } from '../../api/contract.js';
import { isDimension } from '../../view/dimensions.js';
import { defaultView, type View } from '../../view/view.js';
import { presets, type Preset } from '../../view/window.js';

/** A report under a name, with the parameters of `GET /api/v1/report` as they were written. */
export interface SavedReport {
  name: string;
  parameters: Record<string, string | string[]>;
  saved_at: string;
}

/** The view as a report's parameters. A sliding window stays one: `7d` moves on. */
export function parametersOf(view: View): SavedReport['parameters'] {
  const window =
    view.window.kind === 'preset'
      ? { since: view.window.preset }
      : { since: view.window.from, until: view.window.to };
  const filter = view.filters.map(filterParameter);
  return {
    by: view.group,
    ...window,
    ...(view.bucket === null ? {} : { bucket: view.bucket }),
    ...(filter.length > 0 ? { filter } : {}),
    compare: 'previous',
  };
}

/**
 * The view that shows what a report is about: its window, filters and first dimension. What the
 * overview does not have (measures, further dimensions) is left to the report itself.
 */
export function viewOf({ parameters }: Pick<SavedReport, 'parameters'>): View {
  const one = (name: string) => [parameters[name]].flat()[0];
  const view: View = { ...defaultView };
  const group = one('by')?.split(',')[0]?.trim();
  if (group !== undefined && isDimension(group)) view.group = group;
  view.filters = [parameters['filter'] ?? []].flat().flatMap(readFilter);
  const [since, until] = [one('since'), one('until')];
  if (until === undefined && presets.includes(since as Preset))
    view.window = { kind: 'preset', preset: since as Preset };
  else if (isTime(since) && isTime(until) && since < until)
    view.window = {
      kind: 'custom',
      from: new Date(since).toISOString(),
      to: new Date(until).toISOString(),
    };
  return view;
}

const isTime = (text: string | undefined): text is string =>
  text !== undefined && /^\d{4}-/.test(text) && !Number.isNaN(Date.parse(text));

const forms = [/^([^=]+?)(!?)=(.*)$/, /^((?:tag:)?[^:!]+)(!?):(.*)$/];

/** `feature=a,b`, `feature!=a` or the same with a colon, as the API reads them. */
function readFilter(text: string): Filter[] {
  for (const form of forms) {
    const [, dimension, not, values] = form.exec(text.trim()) ?? [];
    if (dimension === undefined || values === undefined || !isDimension(dimension)) continue;
    const op = not === '!' ? 'not_in' : 'in';
    return [{ dimension, op, values: values.split(',').map((value) => value || null) }];
  }
  return [];
}
