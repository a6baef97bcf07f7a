import type { BucketSize } from '@farthing/core';
import uPlot from 'uplot';
import { formatClock, formatDay } from '../figures/times.js';
import { bucketEnd } from '../view/window.js';
import { resolveColour } from './css-colour.js';
import { axisLabel, cumulative, type Stack } from './stack.js';

export interface PlotOptions {
  width: number;
  height: number;
  bucket: BucketSize;
  /** CSS colours, one per series of the stack. */
  colours: string[];
  onZoom(from: number, to: number): void;
  /** The plotting area within the element, in CSS pixels, whenever it changes. */
  onLayout(): void;
  /** The pointer is over this time (milliseconds since 1970), or gone. */
  onPoint(time: number | null): void;
}

/** uPlot counts in seconds. The topmost series is drawn first, so that each covers the ones before. */
export function plotData(stack: Stack): uPlot.AlignedData {
  return [stack.starts.map((start) => start / 1000), ...cumulative(stack).toReversed()];
}

/** Builds the stacked bars. Everything drawn is also in the table behind the chart. */
export function createPlot(element: HTMLElement, stack: Stack, options: PlotOptions): uPlot {
  const colour = (name: string) => resolveColour(element, name);
  const [ink, line, surface] = ['var(--ink-3)', 'var(--line)', 'var(--surface)'].map(colour) as [
    string,
    string,
    string,
  ];
  const font = `12px ${getComputedStyle(element).fontFamily}`;
  const dense = options.width / Math.max(1, stack.starts.length) < 7;
  const bars = uPlot.paths.bars!({ align: 1, size: [1, Infinity], gap: dense ? 1 : 3 });
  const daily = options.bucket !== 'minute' && options.bucket !== 'hour';
  const end = () => bucketEnd(stack.starts[stack.starts.length - 1] ?? 0, options.bucket) / 1000;
  return new uPlot(
    {
      width: options.width,
      height: options.height,
      padding: [8, 4, 0, 0],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      legend: { show: false },
      cursor: {
        x: false,
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: 8 },
      },
      scales: {
        x: { time: true, range: (_, min) => [min, Math.max(end(), min + 1)] },
        y: { range: (_, __, max) => [0, max > 0 ? max * 1.06 : 1] },
      },
      axes: [
        {
          stroke: ink,
          font,
          size: 28,
          gap: 8,
          space: 64,
          grid: { show: false },
          ticks: { show: false },
          values: (_, splits, __, ___, step) =>
            splits.map((seconds) =>
              seconds >= end()
                ? ''
                : daily || step >= 86_400 || seconds % 86_400 === 0
                  ? formatDay(seconds * 1000)
                  : formatClock(seconds * 1000),
            ),
        },
        {
          stroke: ink,
          font,
          size: (_, values) =>
            Math.max(36, ...(values ?? []).map((text) => text.length * 7.2 + 12)),
          gap: 8,
          space: 44,
          border: { show: false },
          grid: { stroke: line, width: 1 },
          ticks: { show: false },
          values: (_, splits, __, ___, step) => splits.map((usd) => axisLabel(usd, step)),
        },
      ],
      series: [
        {},
        ...options.colours.toReversed().map((name) => ({
          fill: colour(name),
          stroke: surface,
          width: dense ? 0 : 1,
          paths: bars,
          points: { show: false },
        })),
      ],
      hooks: {
        ready: [options.onLayout],
        setSize: [options.onLayout],
        draw: [options.onLayout],
        setCursor: [
          (plot) => {
            const { left } = plot.cursor;
            options.onPoint(left == null || left < 0 ? null : plot.posToVal(left, 'x') * 1000);
          },
        ],
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width < 8) return;
            const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            options.onZoom(from * 1000, to * 1000);
          },
        ],
      },
    },
    plotData(stack),
    element,
  );
}
