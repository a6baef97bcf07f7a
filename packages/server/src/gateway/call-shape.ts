import {
  cachingOf,
  type CallContext,
  type CallShape,
  isInestimable,
  isWithoutOutput,
  type Price,
  type Tags,
} from '@farthing/core';
import { inlineFiles } from './inline-files.js';
import type { RequestFacts } from './request-facts.js';
import type { Route } from './route.js';
import type { ServerHistories } from './server-histories.js';
import { statedCost } from './stated-cost.js';

export interface ShapedRequest {
  route: Route;
  api: string;
  /** Null where the body passes as it comes. */
  body: Buffer | null;
  facts: RequestFacts;
  context: CallContext | undefined;
  tags: Tags;
  model: string | null;
  /** Milliseconds since the epoch. */
  at: number;
  /** Bytes of a form with files that passes by, as announced. */
  formBytes: number | null;
  histories: ServerHistories;
  price: Price;
}

/** What estimates go by: sizes and settings, never text. */
export function callShape(request: ShapedRequest, mayClamp: boolean): CallShape {
  const { route, api, body, facts, context, tags, model, at } = request;
  const inestimable = isInestimable(api);
  const sizes = body === null || inestimable ? noSizes : requestSizes(body, request);
  const { maxOutputTokens, choices, modifiers } = facts;
  return {
    provider: route.provider.name,
    priceAs: route.provider.priceAs,
    model: model ?? '',
    tags,
    at,
    textBytes: sizes.textBytes,
    fileTokens: sizes.fileTokens,
    maxOutput: maxOutputTokens === null ? null : maxOutputTokens * choices,
    caching: body === null ? 'none' : cachingOf(api, body),
    hasOutput: !inestimable && !isWithoutOutput(api),
    mayClamp,
    modifiers,
    context,
    statedCost: inestimable ? statedCost(request, request.price) : undefined,
  };
}

const noSizes = { textBytes: 0, fileTokens: 0 };

/** How much longer than its compressed bytes a prompt is at most: JSON and prose come to 3 to 8. */
const mostCompressed = 10;

/** Text by its bytes; files, and what the provider keeps of the conversation, by their tokens. */
export function requestSizes(
  body: Buffer,
  { route, model, facts, histories }: ShapedRequest,
): { textBytes: number; fileTokens: number } {
  if (facts.unread === true) return { textBytes: body.length * mostCompressed, fileTokens: 0 };
  const { bytes, tokens } = inlineFiles(body, {
    provider: route.provider.priceAs,
    model: model ?? '',
  });
  const history =
    facts.history === null ? 0 : histories.tokensOf(route.provider.name, facts.history);
  return { textBytes: body.length - bytes, fileTokens: tokens + history };
}
