import { fetchReconciliations } from '../api/contract.js';
import { useReport } from '../api/use-report.js';
import { Failure } from '../controls/failure.js';
import { Loading, Skeleton } from '../controls/skeleton.js';
import { FirstReconcile } from './first-reconcile.js';
import { ProviderPanel } from './provider-panel.js';

/** How far the books agree with what the providers themselves report (attribution accuracy). */
export function AccuracyPage() {
  const { data, error, retry } = useReport('reconciliations', [], (_now, signal) =>
    fetchReconciliations(signal),
  );
  return (
    <>
      <h1 className="pt-5 pb-4 text-lg font-semibold">Accuracy</h1>
      {error && !data && (
        <div className="panel">
          <Failure what="the reconciliations" error={error} retry={retry} />
        </div>
      )}
      {!data && !error && (
        <div className="panel space-y-4 px-4 py-6 sm:px-6">
          <Loading what="the reconciliations" />
          <Skeleton className="block h-10 w-40" />
          <Skeleton className="block h-24 w-full" />
        </div>
      )}
      {data?.latest.length === 0 && <FirstReconcile />}
      <div className="space-y-4">
        {data?.latest.map((latest) => (
          <ProviderPanel
            key={latest.provider}
            latest={latest}
            runs={data.reconciliations.filter(({ provider }) => provider === latest.provider)}
          />
        ))}
      </div>
    </>
  );
}
