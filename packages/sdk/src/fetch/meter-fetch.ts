import type { Tags } from '@farthing/core';
import { Endpoints, type ClientKind, type Endpoint, type EndpointHint } from '../call/endpoint.js';
import type { Meter } from '../call/meter.js';
import type { MeteredCall } from '../call/metered-call.js';
import { readRequestFacts } from '../call/request-facts.js';
import { Answer, isAbort } from './answer.js';
import { readerFor } from './answer-reader.js';
import { includeUsage } from './include-usage.js';
import { isMetered, meterResponse } from './meter-response.js';
import { addressOf, readBody, readHeaders, type Fetch, type ReadHeaders } from './read-request.js';
import { refusedResponse } from './refused-response.js';

export interface MeterFetchParts {
  meter: () => Meter;
  fetch: Fetch;
  tags: Tags;
  hint: EndpointHint;
  kind?: ClientKind | undefined;
}

const marker = Symbol.for('farthing.metered.fetch');

/** The fetch behind a metered one; itself where it is not metered. */
export function unmeteredFetch(fetch: Fetch): Fetch {
  return (fetch as { [marker]?: Fetch })[marker] ?? fetch;
}

/**
 * A `fetch` that books every call to a model and is otherwise the one it was given: same answers,
 * same errors, same order. Requests that are no calls of models pass untouched.
 */
export function createMeteredFetch({ meter, fetch, tags, hint, kind }: MeterFetchParts): Fetch {
  const inner = unmeteredFetch(fetch);
  const endpoints = new Endpoints(hint, kind);
  const metered: Fetch = (input, init) => {
    const { url, method } = addressOf(input, init);
    const endpoint = method === 'POST' || method === 'post' ? endpoints.at(url) : null;
    if (endpoint === null) return init === undefined ? inner(input) : inner(input, init);
    const request = typeof input === 'object' && 'headers' in input ? input : null;
    const headers = readHeaders(init?.headers ?? request?.headers);
    const leaving: Leaving = { inner, input, init, url, endpoint, headers };
    const text = init?.body == null && request !== null ? bodyOfRequest(request) : null;
    // Promises are most of what this costs: there is none that is not needed.
    return text === null ? leave(leaving, init?.body) : text.then((body) => leave(leaving, body));
  };

  function leave(leaving: Leaving, body: unknown): Promise<Response> {
    const { endpoint, headers } = leaving;
    const { text, facts } = readBody(body, endpoint.api);
    let opened: MeteredCall | Promise<MeteredCall>;
    try {
      opened = meter().open({
        endpoint,
        facts,
        body: text,
        tags,
        requestTags: headers.tags,
        attempt: headers.attempt,
        changeable: leaving,
      });
    } catch (error) {
      return Promise.reject(error as Error);
    }
    return opened instanceof Promise
      ? opened.then((call) => send(leaving, call))
      : send(leaving, opened);
  }

  Object.defineProperty(metered, marker, { value: inner });
  return metered;
}

interface Leaving {
  inner: Fetch;
  input: string | URL | Request;
  init: RequestInit | undefined;
  url: string;
  endpoint: Endpoint;
  headers: ReadHeaders;
}

/** Origins at which a Farthing gateway has answered. */
const gateways = new Set<string>();

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

function send(leaving: Leaving, call: MeteredCall): Promise<Response> {
  const { inner, input, init, url, endpoint, headers } = leaving;
  const { admitted } = call;
  if (admitted?.admission.outcome === 'refused') {
    return Promise.resolve(refusedResponse(admitted, endpoint.family));
  }
  const changed = admitted?.changed ?? null;
  const edited =
    changed === null
      ? includeUsage(call.departure.body, () => call.facts, endpoint)
      : includeUsage(changed.body, () => readRequestFacts(changed.body, endpoint.api), endpoint);
  const signal = init?.signal ?? (input instanceof Request ? input.signal : null);
  const onAnswer = (response: Response): Response | Promise<Response> => {
    const { status } = response;
    const contentType = response.headers.get('content-type') ?? '';
    // A Farthing gateway on the way books the call, or a metered fetch that this one calls.
    const byGateway = response.headers.has('x-farthing-call-id');
    if (byGateway || isMetered(response)) {
      if (byGateway) gateways.add(originOf(url));
      call.bookedElsewhere();
      if (edited === null) return response;
      // Usage was asked for here, and is withheld here.
      const withholding = readerFor(call.tapped, status, contentType, true);
      return meterResponse(response, new Answer(call, withholding, signal));
    }
    const onRecord = call.answered(status, contentType.startsWith('text/event-stream'));
    const reader = readerFor(call.tapped, status, contentType, edited !== null);
    const answer = new Answer(call, reader, signal);
    if (onRecord === null) return meterResponse(response, answer);
    return onRecord.then(() => meterResponse(response, answer));
  };
  const onProblem = (error: unknown): never => {
    if (signal?.aborted !== true && !isAbort(error)) call.failed(error, null);
    // The gateway has seen the call and its end.
    else if (gateways.has(originOf(url))) call.bookedElsewhere();
    else call.aborted(null);
    throw error;
  };
  const body = edited ?? changed?.body ?? null;
  let answer: Promise<Response>;
  try {
    answer =
      body === null && headers.without === null
        ? init === undefined
          ? inner(input)
          : inner(input, init)
        : inner(changed?.url ?? input, adapted(input, init, headers.without, body));
  } catch (error) {
    return Promise.reject(error as Error).catch(onProblem);
  }
  // Functions that stand in for fetch, as in tests, may answer at once.
  return (answer instanceof Promise ? answer : Promise.resolve(answer)).then(onAnswer, onProblem);
}

/** What the request is sent with, without headers of ours and with the body that was changed. */
function adapted(
  input: string | URL | Request,
  init: RequestInit | undefined,
  headers: Headers | null,
  body: string | null,
): RequestInit {
  const changed: RequestInit = { ...init };
  if (headers !== null) changed.headers = headers;
  if (body !== null) {
    changed.body = body;
    const own = new Headers(changed.headers ?? (input instanceof Request ? input.headers : {}));
    if (own.has('content-length')) {
      own.delete('content-length');
      changed.headers = own;
    }
  }
  return changed;
}

/** A request that comes as an object is read from a copy: its own body goes out untouched. */
function bodyOfRequest(request: Request): Promise<string> | null {
  if (request.body === null) return null;
  const type = request.headers.get('content-type') ?? '';
  return type.includes('json') ? request.clone().text() : null;
}
