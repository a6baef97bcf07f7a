import type { Admitted } from '../call/admitted.js';
import { Endpoints, type ClientKind } from '../call/endpoint.js';
import { Answer, isAbort } from '../fetch/answer.js';
import { readerFor } from '../fetch/answer-reader.js';
import { readBody } from '../fetch/read-request.js';
import { tapBody } from './tap-body.js';
import type { ClientMeter, MeterKind } from './meter-client.js';

interface HttpRequest {
  method: string;
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  headers: Record<string, string>;
  body?: unknown;
}

interface HttpResponse {
  statusCode: number;
  headers: Record<string, string>;
  body?: unknown;
}

interface Step {
  request: HttpRequest;
}

type Next = (step: Step) => Promise<{ response: HttpResponse }>;

interface MiddlewareStack {
  clone(): MiddlewareStack;
  add(middleware: (next: Next) => Next, options: object): void;
}

interface BedrockClient {
  middlewareStack: MiddlewareStack;
  config: object;
  send: unknown;
}

const bedrock: ClientKind = { provider: 'aws-bedrock', family: 'bedrock' };

/**
 * `@aws-sdk/client-bedrock-runtime`: its middleware stack. What is returned is the client with a stack
 * of its own, in which every attempt passes the meter next to the wire; the client itself stays as it is.
 */
export const meterBedrock: MeterKind = (client, parts) => {
  if (!isBedrock(client)) return null;
  const stack = client.middlewareStack.clone();
  const endpoints = new Endpoints(parts.hint, bedrock);
  stack.add((next) => (step) => attempt(next, step, parts, endpoints), {
    name: 'farthingMeter',
    step: 'deserialize',
    // Inside of everything else: the answer comes as it is on the wire.
    priority: 'low',
    override: true,
  });
  return Object.create(client, {
    middlewareStack: { value: stack, writable: true, configurable: true, enumerable: true },
  }) as object;
};

function isBedrock(client: object): client is BedrockClient {
  const { middlewareStack: stack, config, send } = client as Partial<BedrockClient>;
  const isClient = typeof stack?.clone === 'function' && typeof send === 'function';
  const { serviceId } = (config ?? {}) as { serviceId?: string };
  return isClient && serviceId === 'Bedrock Runtime';
}

async function attempt(
  next: Next,
  step: Step,
  { meter, tags }: ClientMeter,
  endpoints: Endpoints,
): Promise<{ response: HttpResponse }> {
  const { request } = step;
  const endpoint = endpoints.at(addressOf(request));
  if (endpoint === null || request.method !== 'POST') return next(step);
  const body = readBody(request.body, endpoint.api);
  const call = await meter().open({
    endpoint,
    facts: body.facts,
    body: body.text,
    tags,
    requestTags: [],
    attempt: attemptOf(request),
  });
  const { admitted } = call;
  if (admitted?.admission.outcome === 'refused') return { response: refused(admitted) };
  let result: { response: HttpResponse };
  try {
    result = await next(step);
  } catch (error) {
    if (isAbort(error)) call.aborted(null);
    else call.failed(error, null);
    throw error;
  }
  const { response } = result;
  const onRecord = call.answered(response.statusCode, endpoint.streams);
  if (onRecord !== null) await onRecord;
  const type = response.headers['content-type'] ?? '';
  const reader = readerFor(call.tapped, response.statusCode, type, false);
  response.body = tapBody(response.body, new Answer(call, reader, null));
  return result;
}

function addressOf({ protocol, hostname, port, path }: HttpRequest): string {
  return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`;
}

/** `amz-sdk-request: attempt=2; max=3` */
function attemptOf({ headers }: HttpRequest): number {
  return Number(/attempt=(\d{1,3})/.exec(headers['amz-sdk-request'] ?? '')?.[1] ?? 1);
}

/** The service's error for a used-up quota, which its client raises at once: a 429 it would try again. */
function refused({ opened: { id }, admission: { refusal } }: Admitted): HttpResponse {
  const message = refusal?.message ?? 'A budget refuses this call.';
  return {
    statusCode: 400,
    headers: {
      'content-type': 'application/json',
      'x-amzn-errortype': 'ServiceQuotaExceededException',
      'x-amzn-requestid': id,
      'x-farthing-call-id': id,
    },
    body: new TextEncoder().encode(JSON.stringify({ message })),
  };
}
