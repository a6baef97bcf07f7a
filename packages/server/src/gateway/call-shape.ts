import {
  type CallContext,
  type CallShape,
  isInestimable,
  isWithoutOutput,
  type Tags,
} from '@farthing/core';
import { inlineFiles } from './inline-files.js';
import type { RequestFacts } from './request-facts.js';
import type { Route } from './route.js';

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
}

/** What estimates go by: sizes and settings, never text. */
export function callShape(request: ShapedRequest, mayClamp: boolean): CallShape {
  const { route, api, body, facts, context, tags, model, at } = request;
  const inestimable = isInestimable(api);
  const sizes = body === null || inestimable ? noSizes : requestSizes(body);
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
  };
}

const noSizes = { textBytes: 0, fileTokens: 0 };

export function requestSizes(body: Buffer): { textBytes: number; fileTokens: number } {
  const { bytes, tokens } = inlineFiles(body);
  return { textBytes: body.length - bytes, fileTokens: tokens };
}

/**
 * Whether input may be written to a cache, which can cost more than reading it. Anthropic and Bedrock
 * cache what is marked; the others cache by themselves, mostly at no charge.
 */
function cachingOf(api: string, body: Buffer): CallShape['caching'] {
  if (api === 'messages' || api.startsWith('invokeModel')) {
    if (!body.includes('"cache_control"')) return 'none';
    return body.includes('"1h"') ? '1h' : '5m';
  }
  if (api.startsWith('converse')) return body.includes('"cachePoint"') ? '5m' : 'none';
  return '5m';
}
