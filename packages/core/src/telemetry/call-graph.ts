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
import { append, Lists, SmallMap } from './lists.js';
import type { SpanFacts, SpanPathStep, SpanStep } from './span-facts.js';

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

/** What a span said. Of its facts what others may need is kept; what its own entry needs is not. */
interface Version {
  hash: number;
  place: SpanPlaceInTrace;
  step: SpanStep | undefined;
  tags: SpanFacts['tags'];
  record: CallRecord | null;
}

/** Where a span stands. */
type SpanPlaceInTrace = { trace: string; span: string; parent: string | null };

/** The contents that came under one id, best first. */
type Node = [Version, ...Version[]];

/** There are many thousands, most of them of one span: nothing is made before it is needed. */
class Trace {
  readonly nodes = new SmallMap<Node>();
  /** Ids of the spans below a span, whether that one is known yet or not. */
  #children: Lists<string> | null = null;
  /** Entries of this trace that something else booked. */
  #known: CallRecord[] | null = null;
  #summaries: CallRecord[] | null = null;
  #calls: CallRecord[] | null = null;
  #unmeasured: CallRecord[] | null = null;
  /** Calls by what they have in common with their twins; of few calls there is no need. */
  #twins: Lists<CallRecord> | null = null;

  get known(): readonly CallRecord[] {
    return this.#known ?? none;
  }

  get summaries(): readonly CallRecord[] {
    return this.#summaries ?? none;
  }

  get calls(): readonly CallRecord[] {
    return this.#calls ?? none;
  }

  get unmeasured(): readonly CallRecord[] {
    return this.#unmeasured ?? none;
  }

  childrenOf(span: string): readonly string[] {
    return this.#children?.of(span) ?? none;
  }

  twinsOf(record: CallRecord): readonly CallRecord[] {
    return this.#twins?.of(twinKey(record)) ?? this.calls;
  }

  addChild(parent: string, span: string): void {
    this.#children ??= new Lists();
    this.#children.add(parent, span);
  }

  addCall(record: CallRecord): void {
    this.#calls = append(this.#calls, record);
    if (isUnmeasured(record)) this.#unmeasured = append(this.#unmeasured, record);
    if (this.#twins !== null) this.#twins.add(twinKey(record), record);
    else if (this.#calls.length > fewCalls) {
      this.#twins = new Lists();
      for (const call of this.#calls) this.#twins.add(twinKey(call), call);
    }
  }

  addSummary(record: CallRecord): void {
    this.#summaries = append(this.#summaries, record);
  }

  addKnown(record: CallRecord): void {
    this.#known = append(this.#known, record);
  }

  removeKnown(record: CallRecord): void {
    for (const list of [this.#known, this.#calls, this.#unmeasured]) remove(list, record);
    this.#twins?.remove(twinKey(record), record);
  }
}

const none: readonly never[] = [];
const fewCalls = 16;

/**
 * All records of calls that telemetry and others gave, and which of them stand.
 *
 * A record stands unless a better one is related to it. Relations only depend on the two records and
 * the spans between them, and the order of records is strict; so adding records never makes one stand
 * again that did not, and what stands in the end does not depend on the order in which they came.
 */
export class CallGraph {
  readonly #traces = new Map<string, Trace>();
  readonly #responses = new Lists<CallRecord>();
  readonly #known = new Map<string, CallRecord>();
  /** Spans that name an entry, by its id. */
  readonly #naming = new Lists<CallRecord>();
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
    const { step, tags } = facts;
    const hash = hashOf(JSON.stringify(facts));
    const record = recordOfSpan(facts, hash);
    const place = (record as SpanPlaceInTrace | null) ?? placeOf(facts);
    const version: Version = { hash, place, step, tags, record };
    const node = trace.nodes.get(facts.span);
    if (node === undefined) {
      this.#spans++;
      if (trace.nodes.size < graphLimits.spansOfTrace) {
        trace.nodes.set(facts.span, [version]);
        if (facts.parent !== null) trace.addChild(facts.parent, facts.span);
      }
    } else {
      if (node.some((other) => other.hash === hash)) return null;
      if (node.length >= graphLimits.versions) return null;
      for (const other of node) {
        if (record !== null && other.record !== null) this.#relate(record, other.record, 'span id');
      }
      node.push(version);
      node.sort(compareVersions);
    }
    this.#relateLineage(trace, version);
    if (record === null) return null;
    this.#relateByResponse(record);
    this.#relateInTrace(trace, record);
    if (record.entry !== null) {
      this.#naming.add(record.entry, record);
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
    for (const naming of this.#naming.of(record.key)) {
      this.#relate(naming, record, 'entry id');
    }
    this.#relateByResponse(record);
    if (record.trace === null) return;
    const trace = this.#trace(record.trace);
    this.#relateInTrace(trace, record);
    trace.addKnown(record);
  }

  /** Forgets the oldest of the entries that others booked, down to so many. */
  forgetKnown(most: number): void {
    for (const [key, record] of this.#known) {
      if (this.#known.size <= most) return;
      this.#known.delete(key);
      this.#forgetRecord(record);
      const trace = record.trace === null ? undefined : this.#traces.get(record.trace);
      if (trace === undefined) continue;
      trace.removeKnown(record);
      this.#dropIfEmpty(record.trace!, trace);
    }
  }

  /** Forgets the spans of a trace. */
  forgetTrace(id: string): void {
    const trace = this.#traces.get(id);
    if (trace === undefined) return;
    this.#spans -= trace.nodes.size;
    for (const node of trace.nodes.values()) {
      for (const { record } of node) if (record !== null) this.#forgetRecord(record);
    }
    this.#traces.delete(id);
    for (const record of trace.known) {
      const again = this.#trace(id);
      again.addKnown(record);
      again.addCall(record);
    }
  }

  /** The steps above a span, root first, and the tags that they set, in rising precedence. */
  above(below: SpanPlaceInTrace): { steps: SpanPathStep[]; tags: [string, string][] } {
    const steps: SpanPathStep[] = [];
    const tags: [string, string][] = [];
    const trace = this.#traces.get(below.trace);
    if (trace === undefined) return { steps, tags };
    for (const { place, step, tags: own } of this.#ancestors(trace, below)) {
      if (step !== undefined) steps.unshift({ span: place.span, ...step });
      if (own !== undefined) tags.unshift(...own);
    }
    return { steps, tags };
  }

  #trace(id: string): Trace {
    let trace = this.#traces.get(id);
    if (trace === undefined) {
      trace = new Trace();
      this.#traces.set(id, trace);
    }
    return trace;
  }

  #dropIfEmpty(id: string, trace: Trace): void {
    if (trace.nodes.size === 0 && trace.known.length === 0) this.#traces.delete(id);
  }

  /** The spans above this one, nearest first, as far as they are known. */
  *#ancestors(trace: Trace, below: SpanPlaceInTrace): Generator<Version> {
    let { parent } = below;
    if (parent === null) return;
    const seen = new Set([below.span]);
    while (parent !== null && !seen.has(parent) && seen.size <= graphLimits.depth) {
      seen.add(parent);
      const above: Version | undefined = trace.nodes.get(parent)?.[0];
      if (above === undefined) return;
      yield above;
      ({ parent } = above.place);
    }
  }

  /** Relates what this span connects: itself, what is above it, and what is below it. */
  #relateLineage(trace: Trace, span: Version): void {
    if (span.step?.kind === 'tool') return;
    const node = trace.nodes.get(span.place.span);
    if (node === undefined) return;
    const own = recordsOf(node);
    const above: CallRecord[] = [];
    for (const ancestor of this.#ancestors(trace, span.place)) {
      if (ancestor.step?.kind === 'tool') break;
      above.push(...recordsOf(trace.nodes.get(ancestor.place.span)!));
    }
    const below = this.#below(trace, span.place.span);
    for (const upper of [...above, ...own]) {
      for (const lower of below) this.#relateBelow(upper, lower);
    }
    for (const upper of above) for (const lower of own) this.#relateBelow(upper, lower);
  }

  #below(trace: Trace, span: string): CallRecord[] {
    const found: CallRecord[] = [];
    if (trace.childrenOf(span).length === 0) return found;
    const seen = new Set([span]);
    let level = [span];
    for (let depth = 0; level.length > 0 && depth < graphLimits.depth; depth++) {
      const next: string[] = [];
      for (const id of level) {
        for (const child of trace.childrenOf(id)) {
          const node = trace.nodes.get(child);
          if (seen.has(child) || node === undefined) continue;
          seen.add(child);
          if (node[0].step?.kind === 'tool') continue;
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
    for (const other of latest(this.#responses.of(record.responseId))) {
      if (haveSameResponse(record, other)) this.#relate(record, other, 'response id');
    }
    this.#responses.add(record.responseId, record);
  }

  #relateInTrace(trace: Trace, record: CallRecord): void {
    const others = isUnmeasured(record) ? [trace.calls] : [trace.twinsOf(record), trace.unmeasured];
    for (const list of others) {
      for (const other of latest(list)) {
        const sameness = areTwins(record, other);
        if (sameness !== null) this.#relate(record, other, sameness);
      }
    }
    trace.addCall(record);
    if (record.role === 'summary') {
      for (const known of trace.known) this.#relateSummary(record, known);
      trace.addSummary(record);
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
    if (record.responseId !== null) this.#responses.remove(record.responseId, record);
    if (record.entry !== null) this.#naming.remove(record.entry, record);
  }
}

function placeOf({ trace, span, parent }: SpanFacts): SpanPlaceInTrace {
  return { trace, span, parent };
}

function latest(records: readonly CallRecord[]): readonly CallRecord[] {
  return records.length <= graphLimits.compared ? records : records.slice(-graphLimits.compared);
}

function recordsOf(node: Node): CallRecord[] {
  return node.flatMap(({ record }) => (record === null ? [] : [record]));
}

/** The version with the better record first; of spans without one, by their hash. */
function compareVersions(a: Version, b: Version): number {
  if (a.record !== null && b.record !== null) return compareRecords(a.record, b.record);
  if (a.record !== null || b.record !== null) return a.record === null ? 1 : -1;
  return b.hash - a.hash;
}

function remove<Value>(list: Value[] | null, value: Value): void {
  const index = list?.indexOf(value) ?? -1;
  if (index >= 0) list!.splice(index, 1);
}

/** FNV-1a, to tell versions of one span apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}
