import {
  isInestimable,
  likelyPages,
  parseUsdRounded,
  statedModel,
  statedUsage,
  type CallContext,
  type Picodollars,
  type Price,
  type StatedRequest,
} from '@farthing/core';
import type { Route } from './route.js';
import { countItems, scanJsonObject } from './scan-json.js';

export interface StatedParts {
  route: Route;
  api: string;
  body: Buffer | null;
  /** Bytes of the body as announced, where it passes by (a form with files). */
  formBytes: number | null;
  model: string | null;
  context: CallContext | undefined;
  /** Milliseconds since the epoch. */
  at: number;
}

/**
 * What a call costs by its settings, where its price does not go by tokens of text: images by their
 * number, size and quality, speech by its characters, transcriptions by the size of the file, and so on.
 * Undefined for all other calls, and where there is no price for it.
 */
export function statedCost(parts: StatedParts, price: Price): Picodollars | undefined {
  const { route, api, context, at } = parts;
  if (!isInestimable(api)) return undefined;
  const request = statedRequest(parts);
  const model = statedModel(request);
  const usage = statedUsage(request);
  if (usage === null) return undefined;
  const { usd } = price({
    provider: route.provider.priceAs,
    api,
    model,
    at: new Date(at).toISOString(),
    reading: { status: 'ok', usage },
    ...(context === undefined ? {} : { context }),
  });
  return usd === null ? undefined : parseUsdRounded(usd);
}

function statedRequest({
  route,
  api,
  body,
  formBytes,
  model,
  context,
}: StatedParts): StatedRequest {
  return {
    api,
    provider: route.provider.priceAs,
    model,
    facts: context?.request,
    textBytes: body?.length ?? 0,
    fileBytes: formBytes,
    documents: api === 'rerank.v2' && body !== null ? documentsIn(body) : 0,
    pages: api === 'ocr' && body !== null ? pagesIn(body) : null,
  };
}

const documents: ReadonlySet<string> = new Set(['documents']);

function documentsIn(body: Buffer): number {
  const range = scanJsonObject(body, documents)?.values.get('documents');
  return range === undefined ? 0 : countItems(body, range);
}

/** A document within the request by its size, an image as a page; what lies elsewhere is not known. */
function pagesIn(body: Buffer): number | null {
  if (body.includes('"image_url"')) return 1;
  const marker = ';base64,';
  const start = body.indexOf(marker);
  if (start < 0) return null;
  const end = body.indexOf('"', start);
  return end < 0 ? null : likelyPages(((end - start - marker.length) * 3) / 4);
}
