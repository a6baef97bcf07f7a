import type { BucketSize, Dimension } from '@farthing/core';
import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from 'react';
import type uPlot from 'uplot';
import { formatBucket } from '../figures/times.js';
import { formatUsd } from '../money/usd.js';
import { useIsDark } from '../shell/theme.js';
import { bucketEnd } from '../view/window.js';
import { createPlot, plotData } from './plot.js';
import { ReadOut } from './read-out.js';
import { seriesLabel } from './series-label.js';
import { readOut, type SeriesKey, type Stack } from './stack.js';
import { useFontsLoaded } from './use-fonts-loaded.js';
import { useWidth } from './use-width.js';
import { placeByKey } from './place-by-key.js';

interface ChartProperties {
  stack: Stack;
  bucket: BucketSize;
  dimension: Dimension;
  colourOf: (key: SeriesKey) => string;
  height: number;
  /** The reader picked a span: milliseconds since 1970, on bucket boundaries. */
  onZoom: (from: number, to: number) => void;
}

/**
 * Spend over time as stacked bars. The pointer or the arrow keys read out one bucket; dragging or
 * Enter narrows the window to it.
 */
export function SpendChart({
  stack,
  bucket,
  dimension,
  colourOf,
  height,
  onZoom,
}: ChartProperties) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const width = useWidth(host);
  const dark = useIsDark();
  const lettered = useFontsLoaded();
  const [at, setAt] = useState<number | null>(null);
  const [area, setArea] = useState({ left: 0, top: 0, width: 0, height: 0 });
  const { starts } = stack;
  const colours = stack.series.map(({ key }) => colourOf(key));
  const shape = [width, height, bucket, dark, lettered, starts.length, ...colours].join(' ');

  const build = useEffectEvent((element: HTMLElement) =>
    createPlot(element, stack, {
      width,
      height,
      bucket,
      colours,
      onZoom: (from, to) => zoom(indexAt(starts, from), indexAt(starts, to)),
      onPoint: (time) => setAt(time === null ? null : indexAt(starts, time)),
      onLayout: () => {
        const over = plot.current?.over ?? element.querySelector<HTMLElement>('.u-over');
        if (!over) return;
        const { offsetLeft: left, offsetTop: top, clientWidth, clientHeight } = over;
        setArea((old) =>
          old.left === left && old.width === clientWidth && old.height === clientHeight
            ? old
            : { left, top, width: clientWidth, height: clientHeight },
        );
      },
    }),
  );
  useEffect(() => {
    if (!host.current || width === 0) return;
    const built = build(host.current);
    plot.current = built;
    return () => {
      plot.current = null;
      built.destroy();
    };
  }, [shape, width]);
  useEffect(() => {
    plot.current?.setData(plotData(stack));
  }, [stack]);

  const zoom = (first: number, last: number) => {
    const [from, until] = [starts[first], starts[last]];
    if (from !== undefined && until !== undefined) onZoom(from, bucketEnd(until, bucket));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = placeByKey(event.key, at, starts.length - 1);
    if (next !== undefined) setAt(next);
    else if (event.key === 'Enter' && at !== null) zoom(at, at);
    else if (event.key === 'Escape') setAt(null);
    else return;
    event.preventDefault();
  };

  const shown = at !== null && at < starts.length ? at : null;
  const span = spanOf(starts, bucket, shown, area.width);
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={`Spend over time by ${dimension}. Arrow keys read out a bucket, Enter narrows the window to it.`}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, starts.length - 1)}
      aria-valuenow={shown ?? starts.length - 1}
      aria-valuetext={spoken(stack, dimension, bucket, shown ?? starts.length - 1)}
      onKeyDown={onKeyDown}
      onBlur={() => setAt(null)}
      className="relative touch-pan-y rounded-md select-none"
      style={{ height }}
    >
      {shown !== null && (
        <div
          aria-hidden="true"
          className="absolute rounded-sm bg-ink/6"
          style={{
            left: area.left + span.left,
            top: area.top,
            width: span.width,
            height: area.height,
          }}
        />
      )}
      <div ref={host} aria-hidden="true" className="absolute inset-0" />
      {shown !== null && (
        <ReadOut
          title={formatBucket(starts[shown]!, bucket)}
          total={stack.totals[shown]!}
          lines={readOut(stack, shown)}
          dimension={dimension}
          colourOf={colourOf}
          anchor={area.left + span.left + span.width / 2}
          room={area.left + area.width}
        />
      )}
    </div>
  );
}

/** The bucket that a time falls into. */
function indexAt(starts: readonly number[], time: number): number {
  const after = starts.findIndex((start) => start > time);
  return after === -1 ? starts.length - 1 : Math.max(0, after - 1);
}

/** Where a bucket lies in the plotting area, in pixels. */
function spanOf(
  starts: readonly number[],
  bucket: BucketSize,
  index: number | null,
  width: number,
) {
  const [first, last] = [starts[0], starts[starts.length - 1]];
  if (index === null || first === undefined || last === undefined) return { left: 0, width: 0 };
  const scale = width / (bucketEnd(last, bucket) - first);
  const start = starts[index]!;
  return { left: (start - first) * scale, width: (bucketEnd(start, bucket) - start) * scale };
}

function spoken(stack: Stack, dimension: Dimension, bucket: BucketSize, index: number): string {
  const start = stack.starts[index];
  if (start === undefined) return 'No data';
  const parts = readOut(stack, index)
    .slice(0, 4)
    .map(({ key, usd }) => `${seriesLabel(dimension, key)} ${formatUsd(usd)}`);
  return `${formatBucket(start, bucket)}: ${formatUsd(stack.totals[index]!)}. ${parts.join(', ')}`;
}
