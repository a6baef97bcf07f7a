import { formatShare, plural, shareOf } from '../figures/counts.js';
import { dimensionLabel } from '../view/dimensions.js';
import type { UnattributedReport } from './attention-report.js';

/** Which share of the calls carries each of the usual tags. */
export function TagCoverage({ report }: { report: UnattributedReport }) {
  return (
    <div>
      <h3 className="mb-2 text-[0.8125rem] font-medium text-ink-2">Calls that carry each tag</h3>
      <ul className="space-y-2 text-[0.8125rem]">
        {report.coverage.map(({ tag, missingCalls }) => {
          const share = shareOf(report.calls - missingCalls, report.calls);
          return (
            <li
              key={tag}
              className="flex items-center gap-3"
              title={`${plural(missingCalls, 'call')} without`}
            >
              <span className="w-24">{dimensionLabel(tag)}</span>
              <span className="h-1.5 flex-1 overflow-hidden rounded-full bg-line">
                <span
                  className="block h-full rounded-full bg-accent"
                  style={{ width: `${(share ?? 0) * 100}%` }}
                />
              </span>
              <span className="figure w-12 text-right">{formatShare(share)}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
