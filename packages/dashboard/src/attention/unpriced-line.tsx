import type { MissingPrice } from '@farthing/core';
import { Link } from '@tanstack/react-router';
import { SnippetBox } from '../controls/snippet-box.js';
import { formatCompact, formatCount, plural } from '../figures/counts.js';
import { formatMoment } from '../figures/times.js';
import { carry, useView } from '../view/use-view.js';

/** A model that lacks a price: its calls, and the lines that would give them one. */
export function UnpricedLine({ price }: { price: MissingPrice }) {
  const { view } = useView();
  const filters = (['provider', 'model', 'cost_status'] as const).map((dimension) => ({
    dimension,
    op: 'in' as const,
    values: [price[dimension]],
  }));
  const tokens = price.tokens_input + price.tokens_output;
  return (
    <li className="border-b border-line py-2 last:border-0">
      <div className="flex flex-wrap items-baseline gap-x-4">
        <div className="min-w-0 flex-1 basis-full sm:basis-44">
          <p className="font-medium break-words">{price.model ?? 'No model named'}</p>
          <p className="text-ink-3">{price.provider ?? 'Provider not known'}</p>
        </div>
        {price.last_seen !== null && (
          <span className="figure hidden text-ink-3 sm:inline">
            last {formatMoment(price.last_seen)}
          </span>
        )}
        <span
          className="figure text-ink-3 sm:w-24 sm:text-right"
          title={`${formatCount(price.tokens_input)} in, ${formatCount(price.tokens_output)} out`}
        >
          {tokens === 0 ? 'no tokens' : `${formatCompact(tokens)} tokens`}
        </span>
        <Link
          to="/calls"
          search={carry(view, { filters }) as never}
          className="figure ml-auto w-20 text-right font-medium text-accent-ink underline decoration-accent-ink/40 underline-offset-[3px] hover:decoration-current"
        >
          {plural(price.calls, 'call')}
        </Link>
      </div>
      <Remedy price={price} />
    </li>
  );
}

/** What gives a model a price; `open` shows the lines at once. */
export function Remedy({ price, open = false }: { price: MissingPrice; open?: boolean }) {
  const { reasons, suggestion, priced_now: pricedNow, snippet, command } = price;
  const hasSteps = snippet !== null || command !== null;
  return (
    <>
      {reasons.length > 0 && <p className="mt-1 text-ink-2">{reasons.join('; ')}</p>}
      {suggestion !== null && (
        <p className="mt-1 text-ink-2">
          Perhaps <span className="font-medium">{suggestion.model}</span> of {suggestion.provider}{' '}
          is meant.
        </p>
      )}
      {pricedNow ? (
        <div className="mt-2">
          <SnippetBox
            place="The price book has a price by now: book it for the waiting calls"
            code={command ?? 'farthing reprice --since 30d'}
          />
        </div>
      ) : (
        hasSteps && (
          <details className="mt-1.5" open={open}>
            <summary className="w-fit font-medium text-accent-ink hover:underline">
              What to add
            </summary>
            <div className="mt-2 space-y-3 pb-1">
              {snippet !== null && <SnippetBox place="farthing.yaml" code={snippet} />}
              {command !== null && (
                <SnippetBox
                  place={snippet === null ? 'Terminal' : 'Or, in a terminal'}
                  code={command}
                />
              )}
            </div>
          </details>
        )
      )}
    </>
  );
}
