import { useStatus } from '../api/use-status.js';
import { formatMoment } from '../figures/times.js';
import { useView } from '../view/use-view.js';

/** No calls here, though there are some: say where they are. */
export function QuietWindow() {
  const { view, change } = useView();
  const { data: status } = useStatus();
  const last = status?.store.last_call_at ?? null;
  const first = status?.store.first_call_at ?? null;
  const button =
    'h-8 rounded-md border border-line-strong bg-surface px-3 font-medium hover:bg-sunk';
  return (
    <section
      role="status"
      className="panel flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 sm:px-6"
    >
      <p className="mr-auto">
        <span className="font-semibold">
          {view.filters.length > 0 ? 'No calls match in this window.' : 'No calls in this window.'}
        </span>{' '}
        {last !== null && (
          <span className="text-ink-2">The last one was on {formatMoment(last)} UTC.</span>
        )}
      </p>
      {view.filters.length > 0 && (
        <button type="button" className={button} onClick={() => change({ filters: [] })}>
          Clear the filters
        </button>
      )}
      {last !== null && first !== null && (
        <button
          type="button"
          className={button}
          onClick={() =>
            change({
              window: {
                kind: 'custom',
                from: new Date(
                  Math.floor(Date.parse(first) / 86_400_000) * 86_400_000,
                ).toISOString(),
                to: new Date(
                  Math.ceil((Date.parse(last) + 1) / 86_400_000) * 86_400_000,
                ).toISOString(),
              },
              bucket: null,
            })
          }
        >
          Show all calls
        </button>
      )}
    </section>
  );
}
