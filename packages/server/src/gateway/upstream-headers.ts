import type { Provider } from './providers.js';
import type { ReadHeaders } from './read-headers.js';

/**
 * Headers of the request as they go to the provider, names and values in turn. `plain`: the answer must
 * not be compressed. `streamed`: the body passes by, and is not held in memory.
 */
export function upstreamHeaders(
  read: ReadHeaders,
  provider: Provider,
  plain: boolean,
  streamed: boolean,
): string[] {
  const headers = read.forward;
  if (!read.hasKey && provider.apiKey !== undefined) {
    const { keyHeader, apiKey } = provider;
    headers.push(keyHeader, keyHeader === 'authorization' ? `Bearer ${apiKey}` : apiKey);
  }
  // What is not held in memory is sent with the length that the client announced, if it did.
  if (streamed && read.hasBody && read.contentLength !== null) {
    headers.push('content-length', String(read.contentLength));
  }
  // A chunk can only be withheld from a stream that is not compressed.
  return plain ? withoutCompression(headers) : headers;
}

function withoutCompression(headers: string[]): string[] {
  const list = ['accept-encoding', 'identity'];
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]!.toLowerCase() !== 'accept-encoding')
      list.push(headers[index]!, headers[index + 1]!);
  }
  return list;
}

/** What was compressed goes out as it reads: its encoding is not stated any more. */
export function leaveOutEncoding(read: ReadHeaders): void {
  const { forward } = read;
  for (let index = forward.length - 2; index >= 0; index -= 2) {
    if (forward[index]!.toLowerCase() === 'content-encoding') forward.splice(index, 2);
  }
}
