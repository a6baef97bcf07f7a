import type { Tags } from '@farthing/core';
import { Endpoints, type ClientKind, type Endpoint, type EndpointHint } from '../call/endpoint.js';
import type { ChangedRequest } from '../call/change-request.js';
import type { Meter, Opened } from '../call/meter.js';
import { Answer, isAbort } from './answer.js';
import { readerFor } from './answer-reader.js';
import { includeUsage } from './include-usage.js';
import { isMetered, meterResponse } from './meter-response.js';
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
  const metered: Fetch = (input, init) => {
    const { url, method } = addressOf(input, init);
    const endpoint = method === 'POST' || method === 'post' ? endpoints.at(url) : null;
    if (endpoint === null) return inner(input, init);
    const request = typeof input === 'object' && 'headers' in input ? input : null;
    const call = {
      input,
      init,
      url,
      endpoint,
      headers: readHeaders(init?.headers ?? request?.headers),
    };
    const text = init?.body == null && request !== null ? bodyOfRequest(request) : null;
    // Promises are most of what this costs: there is none that is not needed.
    return text === null ? leave(call, init?.body) : text.then((body) => leave(call, body));
  };

  function leave(call: Leaving, body: unknown): Promise<Response> {
    const { endpoint, headers } = call;
    const read = readBody(body, endpoint.api);
    let opened: Opened | Promise<Opened>;
    try {
      opened = meter().open({
        endpoint,
        facts: read.facts,
        body: read.text,
        tags,
        requestTags: headers.tags,
        attempt: headers.attempt,
        changeable: call,
      });
    } catch (error) {
      return Promise.reject(error as Error);
    }
    const go = ({ call: own, admission, changed }: Opened) =>
      admission.outcome === 'refused'
        ? Promise.resolve(refusedResponse(own, admission, endpoint.family))
        : send(inner, {
            ...call,
            body: changed === null ? read : readBody(changed.body, endpoint.api),
            call: own,
            changed,
          });
    return opened instanceof Promise ? opened.then(go) : go(opened);
  }

  Object.defineProperty(metered, marker, { value: inner });
  return metered;
}

interface Leaving {
  input: string | URL | Request;
  init: RequestInit | undefined;
  url: string;
  endpoint: Endpoint;
  headers: ReadHeaders;
}

interface Sending extends Leaving {
  body: ReadBody;
  call: Opened['call'];
  changed: ChangedRequest | null;
}

/** Origins at which a Farthing gateway has answered. */
const gateways = new Set<string>();

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

function send(inner: Fetch, sending: Sending): Promise<Response> {
  const { input, init, url, endpoint, headers, body, call, changed } = sending;
  const edited = body.text === null ? null : includeUsage(body.text, body.facts, endpoint);
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
    const metered = () => meterResponse(response, new Answer(call, reader, signal));
    return onRecord === null ? metered() : onRecord.then(metered);
  };
  const onProblem = (error: unknown): never => {
    if (signal?.aborted !== true && !isAbort(error)) call.failed(error, null);
    // The gateway has seen the call and its end.
    else if (gateways.has(originOf(url))) call.bookedElsewhere();
    else call.aborted(null);
    throw error;
  };
  let answer: Promise<Response>;
  try {
    answer = inner(
      ...adapted(changed?.url ?? input, init, headers.without, edited ?? changed?.body ?? null),
    );
  } catch (error) {
    return Promise.reject(error as Error).catch(onProblem);
  }
  // Functions that stand in for fetch, as in tests, may answer at once.
  return (answer instanceof Promise ? answer : Promise.resolve(answer)).then(onAnswer, onProblem);
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
function bodyOfRequest(request: Request): Promise<string> | null {
  if (request.body === null) return null;
  const type = request.headers.get('content-type') ?? '';
  return type.includes('json') ? request.clone().text() : null;
}
