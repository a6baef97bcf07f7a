import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  readAlertRules,
  usualModes,
  Watch,
  type GroupWatchState,
  type WatchSettings,
  type WatchState,
} from '@farthing/core';
import { day, Traffic } from './traffic.js';

const start = Date.UTC(2026, 9, 5);
const historyDays = 15;
const historyCalls = 1_000_000;
const judgedCalls = 250_000;
const perSecond = 5_000;
/** Calls whose time is taken together: a tenth of a second of them. */
const batch = perSecond / 10;

/** One of each kind, with its usual thresholds. */
const rules = readAlertRules([
  { name: 'cap', rule: 'fixed_cap', metric: 'cost', limit: 1, per: 'call', by: 'feature' },
  { name: 'pro rata', rule: 'pro_rata_day', budget: 50, by: 'feature' },
  { name: 'hour', rule: 'pro_rata_hour', budget: 50, by: 'feature' },
  { name: 'days', rule: 'moving_average', metric: 'cost', by: 'feature' },
  { name: 'hours', rule: 'hourly_average', metric: 'cost', by: 'feature' },
  { name: 'z', rule: 'z_score', metric: 'cost', by: 'feature' },
  { name: 'median', rule: 'median', metric: 'cost', by: 'feature' },
]);

/** How many calls a second one core takes through everything that watches, and what that takes of memory. */
export function runLoad(groups = 10_000): void {
  if (rules.problems.length > 0) throw new Error(JSON.stringify(rules.problems));
  console.log(
    `\n### ${groups} groups, traffic by Zipf's law: ${historyCalls} calls of ${historyDays} days before, then ${judgedCalls}\n`,
  );
  const rows: string[][] = [];
  for (const [name, all] of [
    ['detectors, as by default', []],
    ['and all seven kinds of rules', rules.rules],
  ] as const) {
    rows.push([name, ...measure(groups, { modes: usualModes, rules: all })]);
  }
  const header = [
    'watching',
    'calls a second',
    'µs a call',
    `slowest ${batch} calls`,
    'a tick of all',
    'heap',
    'a group',
    'snapshot',
    'written in',
    'read in',
  ];
  const rule = header.map((_, place) => (place === 0 ? '---' : '---:'));
  console.log([header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n'));
}

function measure(groups: number, settings: WatchSettings): string[] {
  const before = heap();
  const watch = new Watch(settings);
  const traffic = new Traffic(groups, 1);
  const step = (historyDays * day) / historyCalls;
  let at = start;
  // Each feature is there from the first day on.
  for (let feature = 0; feature < groups; feature++)
    watch.observe(traffic.of(feature, at), false, at);
  for (let call = 0; call < historyCalls; call++) {
    at = start + Math.floor(call * step);
    watch.observe(traffic.next(at), false, at);
  }
  const grown = heap() - before;
  const times: number[] = [];
  for (let call = 0; call < judgedCalls; call += batch) {
    const from = at;
    const calls = Array.from({ length: batch }, (_, index) =>
      traffic.next(from + Math.floor((index * 1_000) / perSecond)),
    );
    at = from + (batch * 1_000) / perSecond;
    times.push(timed(() => calls.forEach((each) => watch.observe(each, true, at))).took);
  }
  const spent = times.reduce((sum, time) => sum + time, 0);
  const ticked = timed(() => watch.tick(at)).took;
  const { value: text, took: written } = timed(() => writeState(watch));
  const read = timed(() => readState(text, settings)).took;
  return [
    Math.round((judgedCalls / spent) * 1e3).toLocaleString('en'),
    ((spent / judgedCalls) * 1e3).toFixed(1),
    `${Math.max(...times).toFixed(0)} ms`,
    `${ticked.toFixed(0)} ms`,
    `${(grown / 2 ** 20).toFixed(0)} MiB`,
    `${(grown / groups / 1024).toFixed(1)} KiB`,
    `${(Buffer.byteLength(text) / 2 ** 20).toFixed(0)} MiB`,
    `${(written / 1e3).toFixed(1)} s`,
    `${(read / 1e3).toFixed(1)} s`,
  ];
}

/** As the control plane keeps it: a line for what is known beside the groups, and one for each group. */
function writeState(watch: Watch): string {
  const lines = [JSON.stringify(watch)];
  for (const [key, group] of watch.groups) lines.push(JSON.stringify([key, group]));
  return lines.join('\n');
}

function readState(text: string, settings: WatchSettings): Watch {
  const [first, ...rest] = text.split('\n');
  const watch = new Watch(settings, JSON.parse(first!) as WatchState);
  for (const line of rest) {
    const [key, state] = JSON.parse(line) as [string, GroupWatchState];
    watch.restoreGroup(key, state);
  }
  return watch;
}

/** `took`: milliseconds of processor time, so that what else the machine does is not counted. */
function timed<Value>(work: () => Value): { value: Value; took: number } {
  const begun = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(begun);
  return { value, took: (user + system) / 1e3 };
}

/** Bytes in use, once what is no longer needed has gone. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
