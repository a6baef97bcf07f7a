import type { OpenedLine } from '@farthing/core';
import { batchEntry, readBatchItem, timeOf, type BatchItem } from './batch-results.js';
import type { GatewayContext } from './gateway-context.js';
import { LinesTap } from './lines-tap.js';
import type { Route } from './route.js';

export interface BatchRetrieval {
  gateway: GatewayContext;
  route: Route;
  /** The call that fetches the results: its tags are those of the items. */
  opened: OpenedLine;
  /** Its headers, names and values in turn, as they went to the provider. */
  headers: readonly string[];
}

/**
 * Books every item of batch results that a client fetches, also in budgets. Items whose answers do not say when they
 * were made (Anthropic's, embeddings) get the time of their file or batch, which the provider is
 * asked for once, with the caller's own key: an item must have the same time however often it comes.
 */
export function bookBatch(retrieval: BatchRetrieval): LinesTap {
  const { gateway, route } = retrieval;
  let batchTime: Promise<number | null> | null = null;
  const book = (item: BatchItem, at: number) => {
    const entry = batchEntry(
      { ...item, at },
      { route, retrieval: retrieval.opened, price: gateway.price },
    );
    gateway.journal.closed(entry);
    gateway.admissions.booked?.(entry);
    gateway.metrics.closed(entry, false);
  };
  return new LinesTap((line) => {
    const item = readBatchItem(line, route.provider.priceAs);
    if (item === null) return false;
    if (item.at !== null) book(item, item.at);
    else {
      batchTime ??= fetchBatchTime(retrieval);
      void batchTime.then((at) => {
        if (at !== null) book(item, at);
        else gateway.metrics.unbookedBatchItem();
      });
    }
    return true;
  });
}

/** Most of a description of a file or a batch that is read. */
const longestDescription = 256 * 1024;

/** `created_at` of the file or batch whose results these are: its path without the last part. Null when it cannot be had. */
async function fetchBatchTime({ gateway, route, headers }: BatchRetrieval): Promise<number | null> {
  const [path = '', query] = route.upstreamPath.split('?', 2);
  const described = path.slice(0, path.lastIndexOf('/'));
  try {
    const answer = await gateway.dispatcher(route.provider).request({
      origin: route.provider.origin,
      path: query === undefined ? described : `${described}?${query}`,
      method: 'GET',
      headers: uncompressed(headers),
    });
    const text = await readText(answer.body);
    if (answer.statusCode !== 200 || text === null) return null;
    const description = JSON.parse(text) as { created_at?: unknown };
    return timeOf(description.created_at);
  } catch {
    return null;
  }
}

async function readText(body: AsyncIterable<Buffer>): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > longestDescription) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function uncompressed(headers: readonly string[]): string[] {
  const list: string[] = ['accept-encoding', 'identity'];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!.toLowerCase();
    if (name === 'accept-encoding' || name === 'range' || name.startsWith('if-')) continue;
    list.push(headers[index]!, headers[index + 1]!);
  }
  return list;
}
