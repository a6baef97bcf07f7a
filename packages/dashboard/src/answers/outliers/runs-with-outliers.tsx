import type { OutlierReport } from '@farthing/core';
import { Money } from '../../controls/money.js';
import { plural } from '../../figures/counts.js';
import { RunLink } from '../runs/run-link.js';

/** Runs with several outliers: there, the run is what went wrong. */
export function RunsWithOutliers({ runs }: { runs: OutlierReport['runs'] }) {
  return (
    <section aria-label="Runs with several" className="px-4 text-[0.8125rem] sm:px-6">
      <h3 className="pb-2 text-sm font-semibold">Runs with several of them</h3>
      <ul className="border-t border-line">
        {runs.map(({ run, outliers, cost_usd: cost }) => (
          <li key={run} className="flex flex-wrap gap-x-4 border-b border-line py-2 last:border-0">
            <span className="min-w-0 flex-1">
              <RunLink id={run} />
            </span>
            <span className="figure text-ink-2">{plural(outliers, 'outlier')}</span>
            <span className="font-semibold">
              <Money usd={cost} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
