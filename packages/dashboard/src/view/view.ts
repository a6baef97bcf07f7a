import type { BucketSize, Dimension, Filter } from '@farthing/core';
import { isDimension } from './dimensions.js';
import { presets, type Preset, type WindowChoice } from './window.js';

/** Everything a reader can choose. It lives in the URL alone, so any screen can be shared. */
export interface View {
  window: WindowChoice;
  /** Null: whatever suits the window. */
  bucket: BucketSize | null;
  group: Dimension;
  filters: Filter[];
  /** Reports as they were known at this time (ISO 8601); null: as known now. */
  asOf: string | null;
  order: 'newest' | 'dearest';
  /** The call whose details are open. */
  call: string | null;
  /** What is chosen on one answer's page alone, where it differs from that page's default. */
  choices: Partial<Record<ChoiceName, string>>;
}

/** Parameters that single answers have beside window and filters. None of them is a dimension. */
export const choiceNames = [
  'against',
  'as_model',
  'batch',
  'by',
  'cache',
  'hit_ratio',
  'history_cap',
  'kind',
  'month',
  'output_cap',
  'output_factor',
  'severity',
  'sort',
  'state',
  'top',
] as const;
export type ChoiceName = (typeof choiceNames)[number];

export const defaultView: View = {
  window: { kind: 'preset', preset: '24h' },
  bucket: null,
  group: 'feature',
  filters: [],
  asOf: null,
  order: 'newest',
  call: null,
  choices: {},
};

/** Query parameters; a repeated one is an array. */
export type Search = Record<string, string | string[]>;

const buckets = ['minute', 'hour', 'day', 'week', 'month'] satisfies BucketSize[];
const isTime = (text: string | undefined): text is string =>
  text !== undefined && !Number.isNaN(Date.parse(text));
const exclusion = 'not.';

/**
 * Reads the URL: `?window=7d&group=model&feature=checkout&feature=search&not.provider=gemini`.
 * An empty value (`feature=`) stands for calls without it. What it does not understand it ignores:
 * an old or mistyped link still opens.
 */
export function readView(search: Search): View {
  const one = (name: string) => [search[name]].flat()[0];
  const view: View = { ...defaultView, filters: [], choices: {} };
  const [window, from, to] = [one('window'), one('from'), one('to')];
  if (window === 'custom' && isTime(from) && isTime(to) && from < to)
    view.window = { kind: 'custom', from: canonical(from), to: canonical(to) };
  else if (presets.includes(window as Preset))
    view.window = { kind: 'preset', preset: window as Preset };
  const [bucket, group, order] = [one('bucket'), one('group'), one('order')];
  if (buckets.includes(bucket as BucketSize)) view.bucket = bucket as BucketSize;
  if (group !== undefined && isDimension(group)) view.group = group;
  if (order === 'dearest') view.order = 'dearest';
  view.call = one('call') ?? null;
  for (const name of choiceNames) {
    const chosen = one(name);
    if (chosen) view.choices[name] = chosen;
  }
  const asOf = one('as_of');
  if (isTime(asOf)) view.asOf = canonical(asOf);
  for (const [name, found] of Object.entries(search)) {
    const op = name.startsWith(exclusion) ? 'not_in' : 'in';
    const dimension = op === 'in' ? name : name.slice(exclusion.length);
    if (!isDimension(dimension)) continue;
    const values = [...new Set([found].flat().map((value) => (value === '' ? null : value)))];
    view.filters.push({ dimension, op, values });
  }
  return view;
}

/** Writes what differs from the defaults, so that a plain link stays plain. */
export function writeView(view: View): Search {
  const search: Search = {};
  if (view.window.kind === 'custom')
    Object.assign(search, { window: 'custom', from: view.window.from, to: view.window.to });
  else if (view.window.preset !== '24h') search['window'] = view.window.preset;
  if (view.bucket !== null) search['bucket'] = view.bucket;
  if (view.group !== defaultView.group) search['group'] = view.group;
  if (view.order !== defaultView.order) search['order'] = view.order;
  if (view.call !== null) search['call'] = view.call;
  if (view.asOf !== null) search['as_of'] = view.asOf;
  for (const name of choiceNames) {
    const chosen = view.choices[name];
    if (chosen) search[name] = chosen;
  }
  for (const { dimension, op, values } of view.filters) {
    const name = op === 'in' ? dimension : `${exclusion}${dimension}`;
    if (values.length > 0) search[name] = values.map((value) => value ?? '');
  }
  return search;
}

const canonical = (time: string) => new Date(time).toISOString();

/** For the router: `?a=1&a=2` ↔ `{ a: ['1', '2'] }`, without JSON or type guessing. */
export function parseSearch(text: string): Search {
  const parameters = new URLSearchParams(text);
  const search: Search = {};
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    search[name] = values.length === 1 ? (values[0] as string) : values;
  }
  return search;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, found] of Object.entries(search))
    for (const value of [found].flat())
      if (value !== undefined) parameters.append(name, String(value));
  // Colons, commas and slashes are legal in a query and keep times and model names readable.
  const text = parameters.toString().replace(/%3A/g, ':').replace(/%2C/g, ',').replace(/%2F/g, '/');
  return text === '' ? '' : `?${text}`;
}

/** What a query adds to be answered as known at the view's time. */
export const knownAt = ({ asOf }: Pick<View, 'asOf'>): { as_of?: string } =>
  asOf === null ? {} : { as_of: asOf };
