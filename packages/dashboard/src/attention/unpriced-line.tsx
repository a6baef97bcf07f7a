import { Link } from '@tanstack/react-router';
import type { UnpricedModel } from '../api/contract.js';
import { formatCompact, formatCount, plural } from '../figures/counts.js';
import { formatMoment } from '../figures/times.js';
import { carry, useView } from '../view/use-view.js';

/** A model that lacks a price, and the way to its calls. */
export function UnpricedLine({ model }: { model: UnpricedModel }) {
  const { view } = useView();
  const filters = (['provider', 'model', 'cost_status'] as const).map((dimension) => ({
    dimension,
    op: 'in' as const,
    values: [model[dimension]],
  }));
  const tokens = model.tokens_input + model.tokens_output;
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 border-b border-line py-2 last:border-0">
      <div className="min-w-0 flex-1 basis-full sm:basis-44">
        <p className="font-medium break-words">{model.model ?? 'No model named'}</p>
        <p className="text-ink-3">{model.provider ?? 'Provider not known'}</p>
      </div>
      {model.last_seen !== null && (
        <span className="figure hidden text-ink-3 sm:inline">
          last {formatMoment(model.last_seen)}
        </span>
      )}
      <span
        className="figure text-ink-3 sm:w-24 sm:text-right"
        title={`${formatCount(model.tokens_input)} in, ${formatCount(model.tokens_output)} out`}
      >
        {tokens === 0 ? 'no tokens' : `${formatCompact(tokens)} tokens`}
      </span>
      <Link
        to="/calls"
        search={carry(view, { filters }) as never}
        className="figure ml-auto w-20 text-right font-medium text-accent-ink underline decoration-accent-ink/40 underline-offset-[3px] hover:decoration-current"
      >
        {plural(model.calls, 'call')}
      </Link>
    </li>
  );
}
