import { formatRange } from '../figures/times.js';
import { useView } from '../view/use-view.js';
import { windowOf } from '../view/window.js';
import { AsKnownAt } from './as-known-at.js';
import { AddFilter } from './add-filter.js';
import { FilterChips } from './filter-chips.js';
import { WindowPicker } from './window-picker.js';

/** What all figures below are about: the window and the filters. Stays in sight. */
export function ViewBar({
  restating = false,
}: {
  /** Whether the figures below can be asked for as they were known at a time. */
  restating?: boolean;
}) {
  const { view } = useView();
  const window = windowOf(view.window, Date.now());
  return (
    <div className="top-0 z-20 -mx-4 border-b border-transparent bg-canvas/95 px-4 py-3 backdrop-blur-sm sm:sticky sm:-mx-6 sm:px-6 lg:-mx-8 lg:px-8">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-2">
        <WindowPicker />
        <p className="figure mx-2 hidden text-[0.8125rem] text-ink-3 md:block">
          {formatRange(window.from, window.to)}
        </p>
        <FilterChips />
        <AddFilter />
        {restating && <AsKnownAt />}
      </div>
    </div>
  );
}
