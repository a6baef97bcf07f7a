import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ObservedCall } from '@farthing/core';
import { Draw } from '../draw.js';

const folder = resolve(
  import.meta.dirname,
  '../../../../shared/data/servegen/data/language/m-small',
);
export const hasServegen = existsSync(folder);

const hour = 3_600_000;
const interval = 10 * 60_000;
const histogramSpan = 6 * hour;
/** Clients are scaled down to so many calls an hour, or the loudest would be most of the work. */
const mostPerHour = 300;
/** A client that is silent for most of the fortnight is left out. */
const leastActive = 0.3;

/** A Monday; the traces tell only how long after their beginning. */
export const servegenStart = Date.UTC(2026, 9, 5);

/** Counts of tokens and how often each comes. */
interface Lengths {
  values: number[];
  upTo: number[];
}

/** A client of a production service over 14 days: how many requests every ten minutes, how long they were. */
export interface Client {
  name: string;
  /** Requests a second, by interval. */
  rates: number[];
  /** By six hours. */
  lengths: Map<number, { input: Lengths; output: Lengths }>;
}

/** Clients that have lengths and call most of the time. */
export function readClients(): Client[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('-dataset.json'))
    .toSorted()
    .flatMap((file) => {
      const name = file.replace('-dataset.json', '');
      const rates = readFileSync(`${folder}/${name}-trace.csv`, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(',').map(Number))
        .toSorted(([a], [b]) => a! - b!)
        .map(([, rate]) => rate!);
      const active = rates.filter((rate) => rate > 0).length / rates.length;
      if (active < leastActive) return [];
      return [{ name, rates, lengths: readLengths(`${folder}/${file}`) }];
    });
}

function readLengths(path: string): Client['lengths'] {
  const spans = JSON.parse(readFileSync(path, 'utf8')) as Record<
    string,
    { input_tokens: string; output_tokens: string }
  >;
  const lengths: Client['lengths'] = new Map();
  for (const [second, { input_tokens, output_tokens }] of Object.entries(spans)) {
    const input = lengthsOf(input_tokens);
    const output = lengthsOf(output_tokens);
    if (input.values.length > 0 && output.values.length > 0) {
      lengths.set((Number(second) * 1_000) / histogramSpan, { input, output });
    }
  }
  return lengths;
}

/** As they were written by Python: `{512: 0.25, 517: 0.75}`. */
function lengthsOf(text: string): Lengths {
  const values: number[] = [];
  const upTo: number[] = [];
  let sum = 0;
  for (const [, value, share] of text.matchAll(/([\d.]+)\s*:\s*([\d.eE+-]+)/g)) {
    sum += Number(share);
    values.push(Number(value));
    upTo.push(sum);
  }
  return { values, upTo };
}

function drawLength({ values, upTo }: Lengths, draw: Draw): number {
  const at = draw.uniform(0, upTo.at(-1)!);
  let low = 0;
  let high = upTo.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (upTo[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return Math.max(1, Math.round(values[low]!));
}

/**
 * Calls of a client as a feature of ours would make them: when by its rates, how long by its histograms of
 * those hours, at 3 USD a million tokens of input and 15 of output. `outputTimes` changes what they answer.
 */
export function callsOfClient(
  client: Client,
  seed: number,
  outputTimes: (at: number) => number = () => 1,
): ObservedCall[] {
  const draw = new Draw(seed);
  const mean = client.rates.reduce((sum, rate) => sum + rate, 0) / client.rates.length;
  const scale = Math.min(1, mostPerHour / 3600 / mean);
  const calls: ObservedCall[] = [];
  for (const [index, rate] of client.rates.entries()) {
    const count = draw.poisson((rate * scale * interval) / 1_000);
    const lengths = client.lengths.get(Math.floor((index * interval) / histogramSpan));
    if (lengths === undefined) continue;
    const times = Array.from({ length: count }, () => draw.uniform(0, interval)).toSorted(
      (a, b) => a - b,
    );
    for (const within of times) {
      const at = servegenStart + index * interval + within;
      const input = drawLength(lengths.input, draw);
      const output = Math.round(drawLength(lengths.output, draw) * outputTimes(at));
      calls.push(callOf(at, input, output));
    }
  }
  return calls;
}

function callOf(at: number, input: number, output: number): ObservedCall {
  return {
    at,
    cost: input * 3e-6 + output * 15e-6,
    tokens: { uncached: input, cache_read: 0, cache_write: 0, output },
    unit_price: 15e-6,
    estimate: null,
    template: null,
    run: null,
    attributed: true,
    retry: false,
    repeated: false,
  };
}
