import type { Tags } from '@farthing/core';
import { Endpoints, type ClientKind, type Endpoint, type EndpointHint } from '../call/endpoint.js';
import type { Meter, Opened } from '../call/meter.js';
import { Answer, isAbort } from './answer.js';
import { readerFor } from './answer-reader.js';
import { includeUsage } from './include-usage.js';
import { meterResponse } from './meter-response.js';
import {
  addressOf,
  readBody,
  readHeaders,
  type Fetch,
  type ReadBody,
  type ReadHeaders,
} from './read-request.js';
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
  const metered: Fetch = async (input, init) => {
    const { url, method } = addressOf(input, init);
    const endpoint = method === 'POST' || method === 'post' ? endpoints.at(url) : null;
    if (endpoint === null) return inner(input, init);
    const request = typeof input === 'object' && 'headers' in input ? input : null;
    const headers = readHeaders(init?.headers ?? request?.headers);
    const body = readBody(init?.body ?? (await bodyOfRequest(request)), endpoint.api);
    const opened = meter().open({
      endpoint,
      facts: body.facts,
      body: body.text,
      tags,
      requestTags: headers.tags,
      attempt: headers.attempt,
    });
    const { call, admission } = opened instanceof Promise ? await opened : opened;
    if (admission.outcome === 'refused') return refusedResponse(call, admission, endpoint.family);
    return send(inner, { input, init, endpoint, headers, body, call });
  };
  Object.defineProperty(metered, marker, { value: inner });
  return metered;
}

interface Sending {
  input: string | URL | Request;
  init: RequestInit | undefined;
  endpoint: Endpoint;
  headers: ReadHeaders;
  body: ReadBody;
  call: Opened['call'];
}

async function send(inner: Fetch, sending: Sending): Promise<Response> {
  const { input, init, endpoint, headers, body, call } = sending;
  const edited = body.text === null ? null : includeUsage(body.text, body.facts, endpoint);
  const signal = init?.signal ?? (input instanceof Request ? input.signal : null);
  let response: Response;
  try {
    response = await inner(...adapted(input, init, headers.without, edited));
  } catch (error) {
    if (signal?.aborted === true || isAbort(error)) call.aborted(null);
    else call.failed(error, null);
    throw error;
  }
  // A Farthing gateway on the way has booked the call.
  if (response.headers.has('x-farthing-call-id')) {
    call.bookedElsewhere();
    return response;
  }
  const contentType = response.headers.get('content-type') ?? '';
  const onRecord = call.answered(response.status, contentType.startsWith('text/event-stream'));
  if (onRecord !== null) await onRecord;
  const reader = readerFor(call.tapped, response.status, contentType, edited !== null);
  return meterResponse(response, new Answer(call, reader, signal));
}

/** The arguments as they were, unless headers of ours are to stay here or usage is to be asked for. */
function adapted(
  input: string | URL | Request,
  init: RequestInit | undefined,
  headers: Headers | null,
  body: string | null,
): Parameters<Fetch> {
  if (headers === null && body === null) return init === undefined ? [input] : [input, init];
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
  return [input, changed];
}

/** A request that comes as an object is read from a copy: its own body goes out untouched. */
async function bodyOfRequest(request: Request | null): Promise<unknown> {
  if (request === null || request.body === null) return null;
  const type = request.headers.get('content-type') ?? '';
  return type.includes('json') ? request.clone().text() : null;
}
