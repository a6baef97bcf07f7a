import { openBatchItem } from './batch-item.js';
import type { CallContext } from './call-context.js';
import type { CallFacts } from './converter.js';
import { isFields } from './fields.js';
import { canonicalProvider } from './providers.js';
import { apis, unnamedApi, type ApiUsage } from './registry.js';
import type { StreamFold } from './stream/stream-fold.js';
import type { UsageReading } from './usage.js';

export interface UsageRequest {
  provider: string;
  /**
   * `chat.completions`, `responses`, `messages`, `generateContent`, … A name that is not known is
   * read by the shape of the answer's usage, or by the chat rule, which most providers speak. `batch.…`, `….batches` and
   * `….stream` around a name say how the answer was delivered.
   */
  api: string;
  /** Parsed JSON, untrusted: the whole answer, or for a stream its events, as a list or `{ events: […] }`. */
  payload: unknown;
  context?: CallContext;
}

/**
 * Reads the usage out of one answer of a provider, as disjoint token buckets. Never throws: an answer
 * without usage, or with numbers that contradict themselves, says so in the status and the reason.
 */
export function readUsage({ provider, api, payload, context }: UsageRequest): UsageReading {
  const reading = readAnswer(provider, api, payload, context);
  // GPU time is the caller's own measurement: no answer states it.
  const seconds = context?.gpu_seconds;
  if (reading.status === 'ok' && seconds !== undefined)
    reading.usage.units['gpu_seconds'] = seconds;
  return reading;
}

function readAnswer(
  provider: string,
  api: string,
  payload: unknown,
  context: CallContext | undefined,
): UsageReading {
  const { usage, call, batch } = resolve(provider, api, context);
  let answer = payload;
  if (batch) {
    const item = openBatchItem(payload);
    if ('notBilled' in item) return { status: 'not_billed', reason: item.notBilled };
    answer = item.answer;
  }
  const events = eventsOf(answer);
  if (events === undefined) return usage.convert(answer, call);
  const fold = usage.fold?.(call) ?? foldLastReading(usage, call);
  for (const event of events) fold.add(event);
  return fold.finish();
}

/** The parts of a stream; Gemini streams without `alt=sse` as one JSON array. */
function eventsOf(answer: unknown): readonly unknown[] | undefined {
  if (Array.isArray(answer)) return answer;
  if (!isFields(answer)) return undefined;
  const { events } = answer;
  return Array.isArray(events) ? events : undefined;
}

/**
 * Starts reading a streamed answer. Undefined never: an API without streams of its own folds by
 * keeping the last event that states usage.
 */
export function createStreamFold(request: Omit<UsageRequest, 'payload'>): StreamFold {
  const { usage, call } = resolve(request.provider, request.api, request.context);
  return usage.fold?.(call) ?? foldLastReading(usage, call);
}

function foldLastReading(usage: ApiUsage, call: CallFacts): StreamFold {
  let last: UsageReading = { status: 'no_usage', reason: 'the stream carried no usage' };
  return {
    markers: [''],
    add(event) {
      const reading = usage.convert(event, call);
      if (reading.status !== 'no_usage') last = reading;
    },
    finish: () => last,
  };
}

interface Resolved {
  usage: ApiUsage;
  call: CallFacts;
  batch: boolean;
}

function resolve(provider: string, api: string, context: CallContext | undefined): Resolved {
  const { usage, name, batch } = endpointOf(api);
  const call: CallFacts = { provider: canonicalProvider(provider), api: name };
  const facts = batch ? { ...context, batch } : context;
  if (facts !== undefined) call.context = facts;
  return { usage, call, batch };
}

/** What the name of an API says: how its answers are read, and whether a batch delivered them. */
interface Endpoint {
  usage: ApiUsage;
  name: string;
  batch: boolean;
}

/** Names come from callers, so what is remembered of them is bounded; it starts over when full. */
const mostEndpoints = 256;
const endpoints = new Map<string, Endpoint>();

function endpointOf(api: string): Endpoint {
  const known = endpoints.get(api);
  if (known !== undefined) return known;
  const batch = api === 'batch' || api.startsWith('batch.') || api.endsWith('.batches');
  const name = api.replace(/^batch\./, '').replace(/\.(batches|stream)$/, '');
  const usage = (Object.hasOwn(apis, name) ? apis[name] : unnamedApi) as ApiUsage;
  if (endpoints.size >= mostEndpoints) endpoints.clear();
  const endpoint = { usage, name, batch };
  endpoints.set(api, endpoint);
  return endpoint;
}
