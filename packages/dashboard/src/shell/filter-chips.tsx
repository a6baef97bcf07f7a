import type { Filter } from '@farthing/core';
import { Cross } from '../controls/icons.js';
import { dimensionLabel, valueLabel } from '../view/dimensions.js';
import { invert } from '../view/filters.js';
import { useView } from '../view/use-view.js';

/** What the figures are narrowed to. Each chip can be turned into its opposite, or taken away. */
export function FilterChips() {
  const { view, change } = useView();
  if (view.filters.length === 0) return null;
  return (
    <ul aria-label="Filters" className="contents">
      {view.filters.map((filter) => (
        <Chip
          key={`${filter.op} ${filter.dimension}`}
          filter={filter}
          onInvert={() => change({ filters: invert(view.filters, filter) })}
          onRemove={() => change({ filters: view.filters.filter((each) => each !== filter) })}
        />
      ))}
      {view.filters.length > 1 && (
        <li className="list-none">
          <button
            type="button"
            onClick={() => change({ filters: [] })}
            className="h-8 px-1.5 text-[0.8125rem] text-ink-2 underline-offset-2 hover:underline"
          >
            Clear all
          </button>
        </li>
      )}
    </ul>
  );
}

function Chip({
  filter,
  onInvert,
  onRemove,
}: {
  filter: Filter;
  onInvert: () => void;
  onRemove: () => void;
}) {
  const { dimension, op, values } = filter;
  const name = dimensionLabel(dimension);
  const listed = values.slice(0, 2).map((value) => valueLabel(dimension, value));
  const more = values.length - listed.length;
  const text = listed.join(', ') + (more > 0 ? ` and ${more} more` : '');
  return (
    <li className="flex h-8 max-w-full min-w-0 list-none items-center rounded-md border border-accent/35 bg-accent-soft text-[0.8125rem]">
      <span className="pl-2.5 whitespace-nowrap text-ink-2">{name}</span>
      <button
        type="button"
        onClick={onInvert}
        className="px-1.5 whitespace-nowrap text-accent-ink underline decoration-dotted underline-offset-[3px] hover:decoration-solid"
        aria-label={`${name} ${op === 'in' ? 'is' : 'is not'} ${text}: switch to ${op === 'in' ? 'is not' : 'is'}`}
      >
        {op === 'in' ? 'is' : 'is not'}
      </button>
      <span
        className="truncate font-semibold"
        title={values.map((value) => valueLabel(dimension, value)).join(', ')}
      >
        {text}
      </span>
      <button
        type="button"
        onClick={onRemove}
        aria-label={`Remove the filter ${name} ${text}`}
        className="grid size-8 shrink-0 place-items-center text-ink-2 hover:text-ink"
      >
        <Cross size={14} />
      </button>
    </li>
  );
}
