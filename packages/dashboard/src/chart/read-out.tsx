import type { Dimension } from '@farthing/core';
import { formatUsd } from '../money/usd.js';
import { seriesId, seriesLabel } from './series-label.js';
import type { SeriesKey } from './stack.js';

const widths = { narrow: 196, wide: 232 };
/** A narrow chart is not to vanish behind its own read-out. */
const narrowRoom = 480;

/** What one bucket holds, beside the pointer and never outside the chart. */
export function ReadOut(properties: {
  title: string;
  total: string;
  lines: { key: SeriesKey; usd: string }[];
  dimension: Dimension;
  colourOf: (key: SeriesKey) => string;
  /** Middle of the bucket and right edge of the chart, in pixels. */
  anchor: number;
  room: number;
}) {
  const { title, total, lines, dimension, colourOf, anchor, room } = properties;
  const narrow = room < narrowRoom;
  const width = narrow ? widths.narrow : widths.wide;
  const listed = narrow ? lines.slice(0, 4) : lines;
  const right = anchor + 16 + width;
  const left = right <= room ? anchor + 16 : Math.max(0, anchor - 16 - width);
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute top-1 z-10 rounded-lg border border-line-strong bg-raised px-3 py-2.5 text-[0.8125rem] shadow-float"
      style={{ left, width }}
    >
      <p className="text-ink-2">{title}</p>
      <p className="figure text-base font-semibold">{formatUsd(total)}</p>
      {lines.length > 0 && (
        <ul className="mt-1.5 space-y-0.5 border-t border-line pt-1.5">
          {listed.map(({ key, usd }) => (
            <li key={seriesId(key)} className="flex items-center gap-2">
              <span
                className="size-2.5 shrink-0 rounded-[3px]"
                style={{ background: colourOf(key) }}
              />
              <span className="min-w-0 flex-1 truncate">{seriesLabel(dimension, key)}</span>
              <span className="figure">{formatUsd(usd)}</span>
            </li>
          ))}
          {listed.length < lines.length && (
            <li className="text-ink-3">and {lines.length - listed.length} more</li>
          )}
        </ul>
      )}
    </div>
  );
}
