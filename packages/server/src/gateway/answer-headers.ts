/** Headers of the provider's answer as they go to the caller: all of them, but those that end at this hop. */
export interface AnswerHeaders {
  /** Names and values in turn. */
  list: string[];
  contentType: string;
  contentEncoding: string | null;
}

const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** `rewritten`: the body will differ in length from the provider's, so its length is not announced. */
export function readAnswerHeaders(rawHeaders: Buffer[], rewritten: boolean): AnswerHeaders {
  const headers: AnswerHeaders = { list: [], contentType: '', contentEncoding: null };
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toString('latin1');
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) || (rewritten && lower === 'content-length')) continue;
    const value = rawHeaders[index + 1]!.toString('latin1');
    if (lower === 'content-type') headers.contentType = value;
    else if (lower === 'content-encoding') headers.contentEncoding = value;
    headers.list.push(name, value);
  }
  return headers;
}
