import { Popover } from '@base-ui/react/popover';
import type { Dimension } from '@farthing/core';
import { useState } from 'react';
import { ChevronRight, Plus } from '../controls/icons.js';
import { dimensionLabel, dimensions } from '../view/dimensions.js';
import { FilterValues } from './filter-values.js';

/** First what to filter by, then which of its values. */
export function AddFilter() {
  const [open, setOpen] = useState(false);
  const [dimension, setDimension] = useState<Dimension | null>(null);
  return (
    <Popover.Root
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (next) setDimension(null);
      }}
    >
      <Popover.Trigger className="flex h-8 items-center gap-1 rounded-md border border-dashed border-line-strong px-2 text-[0.8125rem] text-ink-2 hover:border-solid hover:bg-surface hover:text-ink">
        <Plus size={14} />
        Filter
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="start" className="z-40">
          <Popover.Popup className="w-64 rounded-lg border border-line-strong bg-raised shadow-float outline-none">
            <Popover.Title className="sr-only">Add a filter</Popover.Title>
            {dimension === null ? (
              <ul className="max-h-80 overflow-y-auto p-1">
                {dimensions.map((each) => (
                  <li key={each}>
                    <button
                      type="button"
                      onClick={() => setDimension(each)}
                      className="flex w-full items-center justify-between rounded-md px-2.5 py-1.5 text-left text-[0.8125rem] hover:bg-accent-soft"
                    >
                      {dimensionLabel(each)}
                      <span className="text-ink-3">
                        <ChevronRight size={14} />
                      </span>
                    </button>
                  </li>
                ))}
              </ul>
            ) : (
              <FilterValues dimension={dimension} onBack={() => setDimension(null)} />
            )}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
