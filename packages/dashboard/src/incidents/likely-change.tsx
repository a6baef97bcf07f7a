import type { Filter, Incident } from '@farthing/core';
import { Link } from '@tanstack/react-router';
import { formatShare } from '../figures/counts.js';
import { formatMoment } from '../figures/times.js';
import { carry, useView } from '../view/use-view.js';
import { filtersOf } from './incident-calls-filters.js';
import { changeWords } from './incident-words.js';
import { capital } from '../budgets/budget-words.js';

/** What changed when it began, and so is the likely reason. */
export function LikelyChange({ incident }: { incident: Incident }) {
  const { change, group, since } = incident;
  const { view } = useView();
  if (change === null)
    return (
      <div>
        <h2 className="font-semibold">Likely change</h2>
        <p className="mt-1 text-[0.8125rem] text-ink-2">
          None is known: template, model and release are the same as before.
        </p>
      </div>
    );
  const { dimension, to, at, share } = change;
  const isTold = dimension === 'template_version' || dimension === 'model' || dimension === 'agent';
  const filters: Filter[] = isTold
    ? [...filtersOf(incident), { dimension, op: 'in', values: [to] }]
    : filtersOf(incident);
  const window = { kind: 'custom' as const, from: since, to: new Date().toISOString() };
  return (
    <div>
      <h2 className="font-semibold">Likely change</h2>
      <p className="mt-1 text-[1.0625rem] font-medium break-words">
        {capital(changeWords(change))}
      </p>
      <p className="figure mt-0.5 text-[0.8125rem] text-ink-2">
        First call with it {formatMoment(at)} UTC; {formatShare(share)} of the calls since.
      </p>
      <p className="mt-1.5 flex flex-wrap gap-x-4 text-[0.8125rem] font-medium">
        <Link
          to="/calls"
          search={carry(view, { filters, window, order: 'dearest' }) as never}
          className="text-accent-ink hover:underline"
        >
          Its dearest calls
        </Link>
        {dimension === 'template_version' && group['feature'] !== undefined && (
          <Link
            to="/answers/templates"
            search={
              carry(view, {
                filters: [{ dimension: 'feature', op: 'in', values: [group['feature']] }],
              }) as never
            }
            className="text-accent-ink hover:underline"
          >
            Before and after it
          </Link>
        )}
      </p>
    </div>
  );
}
