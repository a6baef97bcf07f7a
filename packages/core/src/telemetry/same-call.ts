import type { Entry } from '../entry.js';
import { totalInput, type UsageReading } from '../usage/usage.js';
import type { SpanCall, SpanFacts } from './span-facts.js';

/**
 * One record of a call of a model: a span, or an entry that something else booked (`known`: the gateway,
 * an SDK, an import), reduced to what tells whether two records are of the same call.
 * Times are microseconds since 1970.
 */
export interface CallRecord {
  /** Unique: what the spans of one id said, or the entry's id. */
  readonly key: string;
  readonly known: boolean;
  readonly role: 'call' | 'summary';
  readonly failed: boolean;
  readonly trace: string | null;
  readonly span: string | null;
  readonly parent: string | null;
  readonly scope: string;
  readonly responseId: string | null;
  readonly entry: string | null;
  readonly models: readonly string[];
  /** Null where no usage is known. */
  readonly usage: { input: number; output: number } | null;
  /** How much the usage says beside the totals. */
  readonly detail: number;
  readonly began: number;
  readonly ended: number;
}

const second = 1_000_000;
/** Two records with one response id are of one call when they are not further apart. */
const nearby = 600 * second;
/** Clocks of two machines, and the way of a request between them. */
const clockSkew = 2 * second;
/** Work of an instrumentation around the call that another one measures from inside. */
const overhead = second / 20;

/** `version` tells contents of one span apart. */
export function recordOfSpan(facts: SpanFacts, version: number): CallRecord | null {
  const { call } = facts;
  return call === undefined ? null : new SpanRecord(facts, call, version);
}

/** Of many spans at once, so it holds nothing twice and not what only their entries need. */
class SpanRecord implements CallRecord {
  readonly known = false;
  readonly role: CallRecord['role'];
  readonly failed: boolean;
  readonly trace: string;
  readonly span: string;
  readonly parent: string | null;
  readonly scope: string;
  readonly responseId: string | null;
  readonly entry: string | null;
  readonly models: readonly string[];
  readonly usage: CallRecord['usage'];
  readonly detail: number;
  readonly began: number;
  readonly ended: number;
  readonly #version: number;

  constructor(facts: SpanFacts, call: SpanCall, version: number) {
    this.role = call.role;
    this.failed = call.outcome === 'error';
    this.trace = facts.trace;
    this.span = facts.span;
    this.parent = facts.parent;
    this.scope = once(call.scope);
    this.responseId = call.response_id ?? null;
    this.entry = call.entry ?? null;
    this.models = namesOf(call.model, call.model_requested);
    this.usage = totalsOf(call.reading);
    this.detail = detailOf(call.reading);
    this.began = call.began;
    this.ended = call.ended;
    this.#version = version;
  }

  get key(): string {
    return `${this.trace}/${this.span}/${this.#version}`;
  }
}

export function recordOfEntry(entry: Entry): CallRecord {
  const { usage } = entry;
  return {
    key: entry.id.toLowerCase(),
    known: true,
    role: 'call',
    failed: entry.outcome === 'error',
    trace: entry.tags.trace?.toLowerCase() ?? null,
    span: null,
    parent: null,
    scope: entry.source,
    responseId: entry.response_id ?? null,
    entry: null,
    models: namesOf(entry.model, entry.model_requested),
    usage:
      usage === null || usage.estimated
        ? null
        : { input: totalInput(usage.tokens), output: usage.tokens.output },
    detail: 0,
    began: Date.parse(entry.started_at) * 1000,
    ended: Date.parse(entry.ended_at) * 1000,
  };
}

/**
 * Which of two records of one call stands: negative when `a` does. A strict order, so that of any number
 * of related records the best one always stands, in whatever order they become known:
 * what was measured at the call itself, then calls before summaries, usage before none, more detailed
 * usage, and of equal ones the inner (shorter) span.
 */
export function compareRecords(a: CallRecord, b: CallRecord): number {
  return (
    Number(b.known) - Number(a.known) ||
    Number(b.role === 'call') - Number(a.role === 'call') ||
    Number(b.usage !== null) - Number(a.usage !== null) ||
    b.detail - a.detail ||
    a.ended - a.began - (b.ended - b.began) ||
    b.began - a.began ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  );
}

/** Why two records are taken for one call. */
export type Sameness =
  /** The span names the entry. */
  | 'entry id'
  /** Two versions of one span. */
  | 'span id'
  | 'response id'
  /** One span stands above the other, with no tool between them. */
  | 'parent span'
  /** Two instrumentations of one call, side by side. */
  | 'twin span'
  /** The same trace, model, time and, where both state them, tokens. */
  | 'trace'
  /** A summary of a trace whose calls are known. */
  | 'trace summary';

/** Records with one response id: the same call, unless a server gives its ids out again. */
export function haveSameResponse(a: CallRecord, b: CallRecord): boolean {
  if (a.responseId === null || a.responseId !== b.responseId) return false;
  if (!overlap(a, b, nearby)) return false;
  if (a.usage === null || b.usage === null) return true;
  if (a.role === 'summary' || b.role === 'summary') return true;
  return (a.trace !== null && a.trace === b.trace) || a.usage.output === b.usage.output;
}

/**
 * A span and one above it with no tool between them, both about a call. What states usage around calls
 * that state theirs repeats it. A failed attempt below a call that went well is a call of its own.
 */
export function repeatsBelow(above: CallRecord, below: CallRecord): boolean {
  if (above.usage !== null && below.usage !== null) return true;
  if (above.role !== 'call' || below.role !== 'call') return false;
  return above.failed === below.failed;
}

/**
 * Records of one trace, model and time with the same tokens, by two instrumentations or by a gateway and
 * a span. Where one of them does not state its tokens, the others are enough.
 */
export function areTwins(a: CallRecord, b: CallRecord): Sameness | null {
  if (a.known && b.known) return null;
  if (a.role !== 'call' || b.role !== 'call' || a.failed !== b.failed) return null;
  if (a.trace === null || a.trace !== b.trace) return null;
  // Two answers with ids of their own are two answers.
  if (a.responseId !== null && b.responseId !== null) return null;
  if (!isUnmeasured(a) && !isUnmeasured(b) && !sameUsage(a, b)) return null;
  if (!shareModel(a, b)) return null;
  if (a.known || b.known) return overlap(a, b, clockSkew) ? 'trace' : null;
  if (a.parent !== b.parent || a.scope === b.scope || a.span === b.span) return null;
  return contains(a, b) || contains(b, a) ? 'twin span' : null;
}

/** An answer whose tokens nobody stated. */
export function isUnmeasured({ usage, failed }: CallRecord): boolean {
  return usage === null && !failed;
}

/** A summary whose trace has a call, known from elsewhere, that took place during it. */
export function summarises(summary: CallRecord, call: CallRecord): boolean {
  return (
    summary.role === 'summary' &&
    call.known &&
    call.usage !== null &&
    summary.trace !== null &&
    summary.trace === call.trace &&
    call.began >= summary.began - clockSkew &&
    call.ended <= summary.ended + clockSkew
  );
}

/** Measured records with another one of these keys are no twins of each other. */
export function twinKey({ usage, failed }: CallRecord): string {
  return usage === null ? (failed ? 'failed' : 'unknown') : `${usage.input}/${usage.output}`;
}

function sameUsage(a: CallRecord, b: CallRecord): boolean {
  return a.usage?.input === b.usage?.input && a.usage?.output === b.usage?.output;
}

function shareModel(a: CallRecord, b: CallRecord): boolean {
  if (a.models.length === 0 || b.models.length === 0) return true;
  return a.models.some((model) => b.models.includes(model));
}

function overlap(a: CallRecord, b: CallRecord, slack: number): boolean {
  return a.began <= b.ended + slack && b.began <= a.ended + slack;
}

function contains(outer: CallRecord, inner: CallRecord): boolean {
  return inner.began >= outer.began - overhead && inner.ended <= outer.ended + overhead;
}

/** Names of models and scopes are few and come with every span: each is held once. */
const texts = new Map<string, string>();
const mostTexts = 4_096;

function once(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size >= mostTexts) texts.clear();
  texts.set(text, text);
  return text;
}

function namesOf(model: string | null, requested: string | null): readonly string[] {
  const first = model ?? requested;
  if (first === null) return [];
  const name = once(first.toLowerCase());
  if (requested === null || requested === first) return [name];
  return [name, once(requested.toLowerCase())];
}

function totalsOf(reading: UsageReading): CallRecord['usage'] {
  if (reading.status !== 'ok') return null;
  const { tokens } = reading.usage;
  return { input: totalInput(tokens), output: tokens.output };
}

/** Whether the cache is spoken of weighs most: it is what changes the cost. */
function detailOf(reading: UsageReading): number {
  if (reading.status !== 'ok') return 0;
  const { raw, modifiers, details } = reading.usage;
  const cache = typeof raw === 'object' && raw !== null && Object.keys(raw).some(speaksOfCache);
  return (
    (cache ? 4 : 0) +
    (Object.keys(modifiers).length > 0 ? 2 : 0) +
    (Object.keys(details).length > 0 ? 1 : 0)
  );
}

function speaksOfCache(name: string): boolean {
  return /cache|TokenDetails|tokens_details/i.test(name);
}
