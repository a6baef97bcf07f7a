import type { CallContext } from './call-context.js';
import { isFields, nameAt, noteUnknownCounts, UsageContradiction, type Fields } from './fields.js';
import { rawUsage } from './raw-usage.js';
import { totalInput, type Usage, type UsageReading } from './usage.js';

/** Whose answer is read: some rules differ between providers that speak the same API. */
export interface CallFacts {
  provider: string;
  api: string;
  context?: CallContext;
}

/** Turns one provider answer (parsed JSON, untrusted) into a reading. Pure; never throws. */
export type UsageConverter = (payload: unknown, call: CallFacts) => UsageReading;

/** What the reading of one usage object finds; everything left out is empty. */
export type UsageFinding = Pick<Usage, 'tokens'> &
  Partial<Pick<Usage, 'details' | 'units' | 'modifiers' | 'reported' | 'nested' | 'requests'>>;

export interface UsageSource {
  /** The counts of tokens that the usage object states itself: any other that it states is noted. */
  counts?: ReadonlySet<string>;
  /** The usage object inside the answer; null or undefined when the answer has none. */
  locate(body: Fields, call: CallFacts): unknown;
  /** Reads it. May push notes. Throws {@link UsageContradiction} for numbers that cannot be true. */
  read(usage: Fields, answer: Answer): UsageFinding;
  /** Where the model and the id of the answer stand, if not in `model` and `id` of the body. */
  identify?(body: Fields): { model?: string | undefined; response_id?: string | undefined };
  /** The answer that carries no usage object but is billed all the same (per image, per second). */
  readWithout?(body: Fields, answer: Answer): UsageFinding | undefined;
}

export interface Answer {
  body: Fields;
  call: CallFacts;
  notes: string[];
}

/** Builds a converter out of the parts that differ between APIs. */
export function defineConverter(source: UsageSource): UsageConverter {
  return (payload, call) => {
    if (!isFields(payload)) {
      return { status: 'invalid_usage', reason: 'the answer is not a JSON object', raw: null };
    }
    const identity = identityOf(source.identify?.(payload) ?? identify(payload));
    const located = source.locate(payload, call);
    const notes: string[] = [];
    try {
      const answer = { body: payload, call, notes };
      if (located === undefined || located === null) {
        const finding = source.readWithout?.(payload, answer);
        return finding === undefined
          ? { status: 'no_usage', reason: 'the answer carries no usage', ...identity }
          : { status: 'ok', usage: complete(finding, null, notes), ...identity };
      }
      if (!isFields(located)) throw new UsageContradiction('usage is not an object');
      const finding = source.read(located, answer);
      if (source.counts !== undefined) noteUnknownCounts(located, source.counts, notes);
      const usage = complete(finding, located, notes);
      const unread = unreadableDetails(located);
      if (unread.length === 0) return { status: 'ok', usage, ...identity };
      const partial = `${unread.join(', ')} cannot be read: what it says is not in the price`;
      return { status: 'ok', usage, ...identity, partial };
    } catch (error) {
      if (!(error instanceof UsageContradiction)) throw error;
      const raw = rawUsage(located);
      return { status: 'invalid_usage', reason: error.message, raw, ...identity };
    }
  };
}

function complete(finding: UsageFinding, raw: unknown, notes: string[]): Usage {
  const { tokens } = finding;
  if (!Number.isSafeInteger(totalInput(tokens) + tokens.output)) {
    throw new UsageContradiction('the counts add up to more than 2^53 − 1 tokens');
  }
  const usage: Usage = {
    tokens,
    details: finding.details ?? {},
    units: finding.units ?? {},
    modifiers: finding.modifiers ?? {},
    estimated: false,
    raw: rawUsage(raw),
    notes: notes.length > mostNotes ? fewerNotes(notes) : notes,
  };
  if (finding.reported !== undefined) usage.reported = finding.reported;
  if (finding.nested !== undefined && finding.nested.length > 0) usage.nested = finding.nested;
  if (finding.requests !== undefined && finding.requests.length > 1) {
    usage.requests = finding.requests;
  }
  return usage;
}

/** An answer can give any number of reasons to note something; an entry holds so many. */
const mostNotes = 32;

function fewerNotes(notes: readonly string[]): string[] {
  const kept = notes.slice(0, mostNotes - 1);
  return [...kept, `and ${notes.length - kept.length} more notes like these`];
}

/** Parts of a usage object that break it down: objects, in every API that has them. */
const breakdowns: ReadonlySet<string> = new Set([
  'prompt_tokens_details',
  'completion_tokens_details',
  'input_tokens_details',
  'output_tokens_details',
  'input_token_details',
  'output_token_details',
  'cache_creation',
  'server_tool_use',
  'cost_details',
]);

/** Breakdowns that are something else than an object: the split they should give is then unknown. */
function unreadableDetails(usage: Fields): string[] {
  const unread: string[] = [];
  for (const name in usage) {
    const value = usage[name];
    // Nearly all fields are counts.
    if (typeof value === 'number' || value === null || value === undefined) continue;
    if (breakdowns.has(name) && !isFields(value)) unread.push(name);
  }
  return unread;
}

function identify(body: Fields): { model?: string | undefined; response_id?: string | undefined } {
  return { model: nameAt(body, 'model'), response_id: nameAt(body, 'id') };
}

function identityOf(found: { model?: string | undefined; response_id?: string | undefined }) {
  const identity: { model?: string; response_id?: string } = {};
  if (found.model !== undefined) identity.model = found.model;
  if (found.response_id !== undefined) identity.response_id = found.response_id;
  return identity;
}
