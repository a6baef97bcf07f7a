import type { Entry } from '../entry.js';
import {
  areTwins,
  compareRecords,
  haveSameResponse,
  isUnmeasured,
  recordOfEntry,
  recordOfSpan,
  repeatsBelow,
  summarises,
  twinKey,
  type CallRecord,
  type Sameness,
} from './same-call.js';
import type { SpanFacts, SpanPathStep } from './span-facts.js';

/** Limits of what is looked at; beyond them records are taken as they stand. */
export const graphLimits = {
  /** Spans of one trace that are linked. */
  spansOfTrace: 50_000,
  /** Spans above a call. */
  depth: 128,
  /** Different contents under one span id. */
  versions: 4,
  /** Records with something in common (a response id; tokens in a trace) that are compared: the latest. */
  compared: 500,
} as const;

/** Why a record does not stand, and for which one. */
export interface Beaten {
  by: CallRecord;
  sameness: Sameness;
}

interface Node {
  /** The contents that came under this id, best first. */
  versions: { text: string; facts: SpanFacts; record: CallRecord | null }[];
}

interface Trace {
  nodes: Map<string, Node>;
  /** Ids of the spans below a span, whether that one is known yet or not. */
  children: Map<string, string[]>;
  /** Entries of this trace that something else booked. */
  known: CallRecord[];
  summaries: CallRecord[];
  /** Calls by what they have in common with their twins. */
  twins: Map<string, CallRecord[]>;
  calls: CallRecord[];
  unmeasured: CallRecord[];
}

/**
 * All records of calls that telemetry and others gave, and which of them stand.
 *
 * A record stands unless a better one is related to it. Relations only depend on the two records and
 * the spans between them, and the order of records is strict; so adding records never makes one stand
 * again that did not, and what stands in the end does not depend on the order in which they came.
 */
export class CallGraph {
  readonly #traces = new Map<string, Trace>();
  readonly #responses = new Map<string, CallRecord[]>();
  readonly #known = new Map<string, CallRecord>();
  /** Spans that name an entry, by its id. */
  readonly #naming = new Map<string, CallRecord[]>();
  readonly #beaten = new Map<CallRecord, Beaten>();
  readonly #onBeaten: (record: CallRecord, beaten: Beaten) => void;
  #spans = 0;

  constructor(onBeaten: (record: CallRecord, beaten: Beaten) => void = () => undefined) {
    this.#onBeaten = onBeaten;
  }

  /** Spans held. */
  get spans(): number {
    return this.#spans;
  }

  /** Entries held that something else booked. */
  get knownEntries(): number {
    return this.#known.size;
  }

  /** What else the record of this entry is of; null while it stands. */
  beaten(record: CallRecord): Beaten | null {
    return this.#beaten.get(record) ?? null;
  }

  /**
   * Adds a span. Returns the record of its call, or null when it is none or was there before. A span
   * that comes again with other content is another version of the same record.
   */
  add(facts: SpanFacts): CallRecord | null {
    const trace = this.#trace(facts.trace);
    let node = trace.nodes.get(facts.span);
    if (node === undefined) {
      node = { versions: [] };
      this.#spans++;
      if (trace.nodes.size < graphLimits.spansOfTrace) {
        trace.nodes.set(facts.span, node);
        if (facts.parent !== null) append(trace.children, facts.parent, facts.span);
      }
    }
    const text = JSON.stringify(facts);
    if (node.versions.some((version) => version.text === text)) return null;
    if (node.versions.length >= graphLimits.versions) return null;
    const record = recordOfSpan(facts, String(hashOf(text)));
    const version = { text, facts, record };
    for (const other of node.versions) {
      if (record !== null && other.record !== null) this.#relate(record, other.record, 'span id');
    }
    node.versions.push(version);
    node.versions.sort(compareVersions);
    this.#relateLineage(trace, facts);
    if (record === null) return null;
    this.#relateByResponse(record);
    this.#relateInTrace(trace, record);
    if (record.entry !== null) {
      append(this.#naming, record.entry, record);
      const named = this.#known.get(record.entry);
      if (named !== undefined) this.#relate(record, named, 'entry id');
    }
    return record;
  }

  /** Adds an entry that a gateway, an SDK or an import booked. */
  addKnown(entry: Entry): void {
    const record = recordOfEntry(entry);
    if (this.#known.has(record.key)) return;
    this.#known.set(record.key, record);
    for (const naming of this.#naming.get(record.key) ?? []) {
      this.#relate(naming, record, 'entry id');
    }
    this.#relateByResponse(record);
    if (record.trace === null) return;
    const trace = this.#trace(record.trace);
    this.#relateInTrace(trace, record);
    trace.known.push(record);
  }

  /** Forgets the oldest of the entries that others booked, down to so many. */
  forgetKnown(most: number): void {
    for (const [key, record] of this.#known) {
      if (this.#known.size <= most) return;
      this.#known.delete(key);
      this.#forgetRecord(record);
      const trace = record.trace === null ? undefined : this.#traces.get(record.trace);
      if (trace === undefined) continue;
      for (const list of [trace.known, trace.calls, trace.unmeasured]) remove(list, record);
      removeFrom(trace.twins, twinKey(record), record);
      this.#dropIfEmpty(record.trace!, trace);
    }
  }

  /** Forgets the spans of a trace. */
  forgetTrace(id: string): void {
    const trace = this.#traces.get(id);
    if (trace === undefined) return;
    this.#spans -= trace.nodes.size;
    for (const { versions } of trace.nodes.values()) {
      for (const { record } of versions) if (record !== null) this.#forgetRecord(record);
    }
    this.#traces.delete(id);
    for (const record of trace.known) {
      const again = this.#trace(id);
      again.known.push(record);
      again.calls.push(record);
      if (isUnmeasured(record)) again.unmeasured.push(record);
      append(again.twins, twinKey(record), record);
    }
  }

  /** The steps above a span, root first, and the tags that they set, in rising precedence. */
  above(facts: SpanFacts): { steps: SpanPathStep[]; tags: [string, string][] } {
    const steps: SpanPathStep[] = [];
    const tags: [string, string][] = [];
    const trace = this.#traces.get(facts.trace);
    if (trace === undefined) return { steps, tags };
    for (const { span, step, tags: own } of this.#ancestors(trace, facts)) {
      if (step !== undefined) steps.unshift({ span, ...step });
      if (own !== undefined) tags.unshift(...own);
    }
    return { steps, tags };
  }

  #trace(id: string): Trace {
    let trace = this.#traces.get(id);
    if (trace === undefined) {
      trace = {
        nodes: new Map(),
        children: new Map(),
        known: [],
        summaries: [],
        twins: new Map(),
        calls: [],
        unmeasured: [],
      };
      this.#traces.set(id, trace);
    }
    return trace;
  }

  #dropIfEmpty(id: string, trace: Trace): void {
    if (trace.nodes.size === 0 && trace.known.length === 0) this.#traces.delete(id);
  }

  /** The spans above this one, nearest first, as far as they are known. */
  *#ancestors(trace: Trace, facts: SpanFacts): Generator<SpanFacts> {
    const seen = new Set([facts.span]);
    let { parent } = facts;
    while (parent !== null && !seen.has(parent) && seen.size <= graphLimits.depth) {
      seen.add(parent);
      const above = trace.nodes.get(parent)?.versions[0]?.facts;
      if (above === undefined) return;
      yield above;
      ({ parent } = above);
    }
  }

  /** Relates what this span connects: itself, what is above it, and what is below it. */
  #relateLineage(trace: Trace, facts: SpanFacts): void {
    if (facts.step?.kind === 'tool') return;
    const node = trace.nodes.get(facts.span);
    if (node === undefined) return;
    const own = recordsOf(node);
    const above: CallRecord[] = [];
    for (const ancestor of this.#ancestors(trace, facts)) {
      if (ancestor.step?.kind === 'tool') break;
      above.push(...recordsOf(trace.nodes.get(ancestor.span)!));
    }
    const below = this.#below(trace, facts.span);
    for (const upper of [...above, ...own]) {
      for (const lower of below) this.#relateBelow(upper, lower);
    }
    for (const upper of above) for (const lower of own) this.#relateBelow(upper, lower);
  }

  #below(trace: Trace, span: string): CallRecord[] {
    const found: CallRecord[] = [];
    const seen = new Set([span]);
    let level = [span];
    for (let depth = 0; level.length > 0 && depth < graphLimits.depth; depth++) {
      const next: string[] = [];
      for (const id of level) {
        for (const child of trace.children.get(id) ?? []) {
          const node = trace.nodes.get(child);
          if (seen.has(child) || node === undefined) continue;
          seen.add(child);
          if (node.versions[0]?.facts.step?.kind === 'tool') continue;
          found.push(...recordsOf(node));
          next.push(child);
        }
      }
      level = next;
    }
    return found;
  }

  #relateBelow(upper: CallRecord, lower: CallRecord): void {
    if (upper.span === lower.span) return;
    if (repeatsBelow(upper, lower)) this.#relate(upper, lower, 'parent span');
  }

  #relateByResponse(record: CallRecord): void {
    if (record.responseId === null) return;
    for (const other of latest(this.#responses.get(record.responseId))) {
      if (haveSameResponse(record, other)) this.#relate(record, other, 'response id');
    }
    append(this.#responses, record.responseId, record);
  }

  #relateInTrace(trace: Trace, record: CallRecord): void {
    const key = twinKey(record);
    const unmeasured = isUnmeasured(record);
    const others = unmeasured ? [trace.calls] : [trace.twins.get(key), trace.unmeasured];
    for (const other of others.flatMap(latest)) {
      const sameness = areTwins(record, other);
      if (sameness !== null) this.#relate(record, other, sameness);
    }
    append(trace.twins, key, record);
    trace.calls.push(record);
    if (unmeasured) trace.unmeasured.push(record);
    if (record.role === 'summary') {
      for (const known of trace.known) this.#relateSummary(record, known);
      trace.summaries.push(record);
    }
    if (record.known) {
      for (const summary of trace.summaries) this.#relateSummary(summary, record);
    }
  }

  #relateSummary(summary: CallRecord, call: CallRecord): void {
    if (summarises(summary, call)) this.#relate(summary, call, 'trace summary');
  }

  /** The better of the two beats the other. Entries that others booked are never compared. */
  #relate(a: CallRecord, b: CallRecord, sameness: Sameness): void {
    if (a.known && b.known) return;
    const [better, worse] = compareRecords(a, b) < 0 ? [a, b] : [b, a];
    const before = this.#beaten.get(worse);
    // Of several that beat it the best is named, whichever came first.
    if (before !== undefined && compareRecords(before.by, better) <= 0) return;
    const beaten = { by: better, sameness };
    this.#beaten.set(worse, beaten);
    if (before === undefined) this.#onBeaten(worse, beaten);
  }

  #forgetRecord(record: CallRecord): void {
    this.#beaten.delete(record);
    if (record.responseId !== null) removeFrom(this.#responses, record.responseId, record);
    if (record.entry !== null) removeFrom(this.#naming, record.entry, record);
  }
}

function latest(records: readonly CallRecord[] = []): readonly CallRecord[] {
  return records.length <= graphLimits.compared ? records : records.slice(-graphLimits.compared);
}

function recordsOf(node: Node): CallRecord[] {
  return node.versions.flatMap(({ record }) => (record === null ? [] : [record]));
}

/** The version with the better record first; of spans without one, by their text. */
function compareVersions(a: Node['versions'][number], b: Node['versions'][number]): number {
  if (a.record !== null && b.record !== null) return compareRecords(a.record, b.record);
  if (a.record !== null || b.record !== null) return a.record === null ? 1 : -1;
  return a.text < b.text ? 1 : a.text > b.text ? -1 : 0;
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function remove<Value>(list: Value[], value: Value): void {
  const index = list.indexOf(value);
  if (index >= 0) list.splice(index, 1);
}

function removeFrom<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) return;
  remove(list, value);
  if (list.length === 0) lists.delete(key);
}

/** FNV-1a, to tell versions of one span apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
