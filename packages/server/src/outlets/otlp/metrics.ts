import { totalInput, type Entry } from '@farthing/core';
import { callAttributes, text, type Attribute } from './attributes.js';
import { nanoseconds, scopeName } from './traces.js';

const delta = 1;

/** Bounds that the GenAI conventions advise. */
const tokenBounds = [
  1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864,
];
const secondBounds = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];

interface Point {
  attributes: Attribute[];
  values: number[];
}

/**
 * `gen_ai.client.token.usage` and `gen_ai.client.operation.duration` as histograms, and
 * `farthing.cost` in USD as a sum; of calls whose usage or cost is known.
 */
export function metricsRequest(
  entries: readonly Entry[],
  { service }: { service: string },
): object {
  const tokens = new Map<string, Point>();
  const durations = new Map<string, Point>();
  const costs = new Map<string, Point>();
  for (const entry of entries) {
    const attributes = callAttributes(entry);
    const { usage, cost } = entry;
    add(durations, attributes, entry.duration_ms / 1000);
    if (cost.usd !== null) add(costs, attributes, Number(cost.usd));
    if (usage === null) continue;
    add(tokens, [...attributes, text('gen_ai.token.type', 'input')], totalInput(usage.tokens));
    add(tokens, [...attributes, text('gen_ai.token.type', 'output')], usage.tokens.output);
  }
  const time = span(entries);
  const histogram = (points: Map<string, Point>, bounds: readonly number[]) => ({
    aggregationTemporality: delta,
    dataPoints: [...points.values()].map((point) => histogramPoint(point, bounds, time)),
  });
  const metrics = [
    {
      name: 'gen_ai.client.token.usage',
      unit: '{token}',
      histogram: histogram(tokens, tokenBounds),
    },
    {
      name: 'gen_ai.client.operation.duration',
      unit: 's',
      histogram: histogram(durations, secondBounds),
    },
    {
      name: 'farthing.cost',
      unit: 'USD',
      sum: {
        aggregationTemporality: delta,
        // A provider may credit: costs are not always positive.
        isMonotonic: false,
        dataPoints: [...costs.values()].map(({ attributes, values }) => ({
          ...time,
          attributes,
          asDouble: sumOf(values),
        })),
      },
    },
  ];
  return {
    resourceMetrics: [
      {
        resource: { attributes: [text('service.name', service)] },
        scopeMetrics: [{ scope: { name: scopeName }, metrics }],
      },
    ],
  };
}

function add(points: Map<string, Point>, attributes: Attribute[], value: number): void {
  const key = JSON.stringify(attributes);
  const known = points.get(key);
  if (known === undefined) points.set(key, { attributes, values: [value] });
  else known.values.push(value);
}

function histogramPoint({ attributes, values }: Point, bounds: readonly number[], time: object) {
  const counts = Array.from({ length: bounds.length + 1 }, () => 0);
  for (const value of values) {
    const index = bounds.findIndex((bound) => value <= bound);
    counts[index < 0 ? bounds.length : index]! += 1;
  }
  return {
    ...time,
    attributes,
    count: String(values.length),
    sum: sumOf(values),
    min: values.reduce((a, b) => Math.min(a, b)),
    max: values.reduce((a, b) => Math.max(a, b)),
    explicitBounds: bounds,
    bucketCounts: counts.map(String),
  };
}

function span(entries: readonly Entry[]): { startTimeUnixNano: string; timeUnixNano: string } {
  const starts = entries.map((entry) => entry.started_at).sort();
  const ends = entries.map((entry) => entry.ended_at).sort();
  return { startTimeUnixNano: nanoseconds(starts[0]!), timeUnixNano: nanoseconds(ends.at(-1)!) };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
