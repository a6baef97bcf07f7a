import { azureDeployment, limitOutput, pathOnModel } from '@farthing/core';
import { readRequestFacts, type RequestFacts } from './request-facts.js';
import type { Route } from './route.js';
import { parseRange } from './scan-json.js';

/** A request as it goes out. */
export interface AdaptedRequest {
  body: Buffer;
  facts: RequestFacts;
  upstreamPath: string;
}

/** Whether the request names its model where another one can be put. */
export function namesModel({ model, path }: Route, facts: RequestFacts): boolean {
  return facts.model !== null || model !== null || azureDeployment(path) !== null;
}

/**
 * The request with what budgets ask for: another model, and a limit on its output. Each is spliced
 * into the bytes; all others stay as they were sent.
 */
export function adaptRequest(
  route: Route,
  api: string,
  request: AdaptedRequest,
  { model, maxOutput }: { model: string | undefined; maxOutput: number | undefined },
): AdaptedRequest {
  let adapted = request;
  if (model !== undefined) adapted = withModel(route, adapted, model);
  if (maxOutput !== undefined) adapted = withLimit(route, api, adapted, maxOutput);
  return adapted;
}

function withModel(route: Route, request: AdaptedRequest, model: string): AdaptedRequest {
  const isGemini = route.model !== null && route.path.includes(':');
  return {
    ...(request.facts.model === null ? request : withMember(request, 'model', model)),
    upstreamPath: pathOnModel(request.upstreamPath, model, isGemini),
  };
}

function withLimit(
  { provider }: Route,
  api: string,
  request: AdaptedRequest,
  maxOutput: number,
): AdaptedRequest {
  const { body, facts } = request;
  const values = facts.scanned?.values;
  const adaptable = {
    api,
    priceAs: provider.priceAs,
    choices: facts.choices,
    has: (member: string) => values?.has(member) === true,
    value: (member: string) => parseRange(body, values?.get(member)),
  };
  let limited = request;
  for (const [member, value] of limitOutput(adaptable, maxOutput)) {
    limited = withMember(limited, member, value);
  }
  return limited;
}

/** One top-level member set: its value replaced where it stands, or added in front of all others. */
function withMember(request: AdaptedRequest, name: string, value: unknown): AdaptedRequest {
  const { body, facts } = request;
  if (facts.scanned === null) return request;
  const { values, bodyStart, empty } = facts.scanned;
  const text = JSON.stringify(value);
  const range = values.get(name);
  const edited =
    range === undefined
      ? splice(body, bodyStart, bodyStart, `"${name}":${text}${empty ? '' : ','}`)
      : splice(body, range.start, range.end, text);
  return { ...request, body: edited, facts: readRequestFacts(edited) };
}

/** `text` in the place of the bytes from `start` to `end`. */
export function splice(body: Buffer, start: number, end: number, text: string): Buffer {
  return Buffer.concat([body.subarray(0, start), Buffer.from(text), body.subarray(end)]);
}
