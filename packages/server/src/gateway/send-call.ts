import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import {
  type Admission,
  azureDeployment,
  type CallContext,
  closeEntry,
  type Decision,
  entrySchema,
  estimateForEntry,
  noEstimate,
  type OpenedLine,
  type Refusal,
  TagCollector,
} from '@farthing/core';
import { admissionHeaders } from './admission-headers.js';
import { bookBatch } from './book-batch.js';
import { answerRefusal, keepConnection } from './budget-refusal.js';
import { newCallId } from './call-id.js';
import { Call } from './call.js';
import type { GatewayProblem } from './error-answers.js';
import type { GatewayContext } from './gateway-context.js';
import { includeUsage } from './include-usage.js';
import { MultipartFields } from './multipart-fields.js';
import { nameKey } from './name-key.js';
import { OutgoingCall } from './outgoing-call.js';
import { pricedRequest } from './priced-request.js';
import type { ReadHeaders } from './read-headers.js';
import type { RequestFacts } from './request-facts.js';
import { requireTags } from './require-tags.js';
import type { Route } from './route.js';
import { leaveOutEncoding, upstreamHeaders } from './upstream-headers.js';

/** A request as it arrived: headers read, body held in memory or passing by. */
export interface Arrival {
  read: ReadHeaders;
  body: Buffer | Readable | null;
  /** The body as it came, where it came compressed; `body` is then what it says. */
  encoded?: Buffer;
  facts: RequestFacts;
  /** `performance.now()`, for durations. */
  arrived: number;
  /** Milliseconds since the epoch, for the record. */
  startedAt: number;
}

interface Departure extends Arrival {
  gateway: GatewayContext;
  incoming: IncomingMessage;
  response: ServerResponse;
  route: Route;
  id: string;
  collector: TagCollector;
  model: string | null;
  context: CallContext | undefined;
  /** A name of the caller's key, where budgets go by keys. */
  key: string | undefined;
  /** `performance.now()` when the request had been read. */
  begin: number;
}

/** Reads tags, asks for admission, journals and sends the call on. */
export function sendCall(
  gateway: GatewayContext,
  incoming: IncomingMessage,
  response: ServerResponse,
  route: Route,
  arrival: Arrival,
): void {
  const { read, body, facts } = arrival;
  const begin = performance.now();
  const problem = refuseUnrecorded(gateway);
  if (problem !== null) return refuse(gateway, response, route, problem);
  const key = gateway.namesKeys() ? keyName(read, route) : undefined;
  const departure: Departure = {
    ...arrival,
    gateway,
    incoming,
    response,
    route,
    id: newCallId(),
    collector: collectTags(gateway, facts, read, key),
    key,
    model: route.model ?? facts.model ?? azureDeployment(route.path),
    context: Buffer.isBuffer(body) ? contextOf(route, body) : route.context,
    begin,
  };
  if (route.api === null) return depart(departure, null, null);
  const asked = { provider: route.provider.name, api: route.api, key };
  const untagged = requireTags(gateway.tagPolicy, asked, departure.collector);
  if (untagged !== null) return refuse(gateway, response, route, untagged);
  admitThenDepart(departure, route.api);
}

/** Mostly at once; where balances are shared it may have to wait for a lease. */
function admitThenDepart(departure: Departure, api: string): void {
  const { gateway, response, route, body, facts, context, model, id, read, key } = departure;
  const call = new OutgoingCall({
    id,
    route,
    api,
    body: Buffer.isBuffer(body) ? body : null,
    facts,
    context,
    tags: departure.collector.tags,
    model,
    at: departure.startedAt,
    formBytes: body instanceof MultipartFields ? read.contentLength : null,
    histories: gateway.histories,
    price: gateway.price,
    read,
    key,
  });
  const failed = (error: unknown) => refuse(gateway, response, route, notAdmitted(error));
  let admission: Admission | Promise<Admission>;
  try {
    admission = gateway.admissions.admit(call);
  } catch (error) {
    return failed(error);
  }
  if (!(admission instanceof Promise)) return proceed(departure, call, admission);
  admission.then((decided) => proceedLater(departure, call, decided), failed);
}

/** Time has passed: the client may be gone, and the journal unwritable. Then the call does not leave. */
function proceedLater(departure: Departure, call: OutgoingCall, admission: Admission): void {
  const { gateway, response, route } = departure;
  const problem = refuseUnrecorded(gateway);
  if (!response.destroyed && problem === null) return proceed(departure, call, admission);
  if (admission.outcome === 'admitted') release(departure, call, admission);
  if (problem !== null) refuse(gateway, response, route, problem);
}

function proceed(departure: Departure, call: OutgoingCall, admission: Admission): void {
  const { gateway, incoming, response, route, id } = departure;
  const { decision, refusal } = admission;
  if (decision !== null) gateway.metrics.decided(decision);
  if (refusal === undefined) return depart(departure, call, admission);
  if (decision === null) gateway.metrics.decided(toldAlready(refusal));
  gateway.metrics.refused(refusal.code ?? `budget_${refusal.action}`);
  keepConnection(incoming, response);
  answerRefusal(response, route.provider.family, { id, refusal });
}

/** Of a refusal that is on record with others alike, what is counted. */
function toldAlready({ action, budget, code }: Refusal): Pick<Decision, 'steps' | 'accounts'> {
  if (code === 'run_stopped') return { steps: [{ do: code, run: '' }], accounts: [] };
  if (code === 'restricted' && action !== 'acknowledge') {
    return {
      steps: [{ do: 'restriction', restriction: budget, step: action }],
      accounts: [],
    };
  }
  return { steps: [{ do: action, budget }], accounts: [] };
}

/** What was held for a call that never left is free again. */
function release(departure: Departure, call: OutgoingCall, admission: Admission): void {
  const { gateway, route, context, arrived } = departure;
  const entry = closeEntry(
    openedLine(departure, call, admission),
    {
      outcome: 'aborted',
      reading: { status: 'not_billed', reason: 'the call did not leave' },
      httpStatus: null,
      errorType: null,
      durationMilliseconds: Math.round(performance.now() - arrived),
      firstByteMilliseconds: null,
    },
    gateway.price,
    { priceAs: route.provider.priceAs, context },
  );
  gateway.admissions.ended(entry, call, admission);
}

function depart(
  departure: Departure,
  outgoing: OutgoingCall | null,
  admission: Admission | null,
): void {
  const { gateway, incoming, response, route, read, arrived } = departure;
  const adapted = admission === null ? null : (outgoing?.adapted(admission) ?? null);
  const { body, facts } = adapted ?? departure;
  const opened = openedLine(departure, outgoing, admission);
  const line = gateway.journal.failure === null ? gateway.journal.opened(opened) : null;
  const isBuffer = Buffer.isBuffer(body);
  const edited = isBuffer && mayAskForUsage(route) ? includeUsage(body, facts) : null;
  // A compressed request goes out as it came, unless something in it had to change.
  const encoded = edited === null && adapted === null ? departure.encoded : undefined;
  if (departure.encoded !== undefined && encoded === undefined) leaveOutEncoding(read);
  const headers = upstreamHeaders(read, route.provider, edited !== null, !isBuffer);
  const isBatch = route.batch !== null && line !== null;
  const call = new Call({
    gateway,
    incoming,
    response,
    route,
    opened,
    context: departure.context,
    form: body instanceof MultipartFields ? body.fields : null,
    line,
    arrived,
    batch: isBatch ? bookBatch({ gateway, route, opened, headers: [...headers] }) : null,
    withholdUsage: edited !== null,
    warnings: warningsOf(departure),
    outgoing,
    admission,
    sent: isBuffer ? { body, elements: read.contextElements, scanned: facts.scanned } : null,
    headers:
      admission === null || outgoing === null
        ? []
        : admissionHeaders(admission, outgoing, facts.maxOutputTokens),
  });
  gateway.metrics.overhead(performance.now() - departure.begin);
  gateway.dispatcher(route.provider).dispatch(
    {
      origin: route.provider.origin,
      path: adapted?.upstreamPath ?? route.upstreamPath,
      method: incoming.method as 'POST',
      headers,
      body: encoded ?? edited ?? body,
      headersTimeout: gateway.settings.upstream_timeout_ms,
      bodyTimeout: gateway.settings.upstream_timeout_ms,
    },
    call,
  );
}

/** What the caller is told beside the answer. */
function warningsOf({ gateway, read, collector }: Departure): string[] {
  const told = gateway.runs?.warning(collector.tags);
  if (told === undefined && read.problems.length === 0) return collector.problems;
  return [...(told === undefined ? [] : [told]), ...read.problems, ...collector.problems];
}

/** The APIs whose streams state usage only when they are asked to, at providers that can be asked. */
function mayAskForUsage({ api, provider }: Route): boolean {
  return (api === 'chat.completions' || api === 'completions') && provider.asksForUsage;
}

/** What sets the price beside the answer. For most APIs that is what the provider's configuration says. */
function contextOf(route: Route, body: Buffer): CallContext | undefined {
  const request = route.api === null ? undefined : pricedRequest(route.api, body);
  return request === undefined ? route.context : { ...route.context, request };
}

/** Later wins: configured defaults, the body's own tags, the headers'. Who is a person leaves here as a pseudonym. */
function collectTags(
  gateway: GatewayContext,
  facts: RequestFacts,
  read: ReadHeaders,
  key: string | undefined,
): TagCollector {
  const collector = new TagCollector();
  for (const name in gateway.defaultTags) collector.set(name, gateway.defaultTags[name]!);
  for (const [name, value] of facts.tags) collector.set(name, value);
  for (const [name, value] of read.tags) collector.set(name, value);
  // Ours, whatever the caller says: budgets per key go by it.
  if (key !== undefined) collector.set('key', key);
  gateway.protectTags(collector.tags);
  return collector;
}

function keyName({ callerKey }: ReadHeaders, { provider }: Route): string | undefined {
  const key = callerKey ?? provider.apiKey;
  return key === undefined ? undefined : nameKey(key);
}

function openedLine(
  { id, route, facts, read, startedAt, collector, model }: Departure,
  call: OutgoingCall | null,
  admission: Admission | null,
): OpenedLine {
  const api = route.api ?? 'unmetered';
  return {
    type: 'opened',
    schema: entrySchema,
    id,
    source: 'gateway',
    started_at: new Date(startedAt).toISOString(),
    provider: route.provider.name,
    api,
    stream: facts.stream || route.streamPath,
    // What was asked of the provider; what the caller had asked for stands in the decision.
    model_requested: admission === null ? model : admission.shape.model || null,
    attempt: read.attempt,
    estimate:
      admission === null || call?.estimable === false
        ? noEstimate
        : estimateForEntry(admission.estimate, admission.maxOutput),
    tags: collector.tags,
  };
}

function refuseUnrecorded({ journal, settings }: GatewayContext): GatewayProblem | null {
  if (journal.failure === null || settings.on_full_disk === 'pass-unrecorded') return null;
  return {
    status: 503,
    code: 'journal_unwritable',
    message: `Farthing cannot record this call, so it was not sent: ${journal.failure.message}. Free space on the disk of the data directory, or set \`gateway.on_full_disk: pass-unrecorded\`.`,
  };
}

function notAdmitted(error: unknown): GatewayProblem {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    status: 503,
    code: 'budgets_failed',
    message: `Farthing could not decide whether budgets allow this call, so it was not sent: ${reason}.`,
  };
}

/** Answers in the API's own error shape. What is left of the request is not read: the connection ends. */
export function refuse(
  gateway: GatewayContext,
  response: ServerResponse,
  route: Route,
  problem: GatewayProblem,
): void {
  gateway.metrics.refused(problem.code);
  response.shouldKeepAlive = false;
  gateway.answerProblem(response, route.provider.family, problem, newCallId());
}
