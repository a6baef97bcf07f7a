import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer as a provider that is not imitated here would send it. */
export interface ScriptedAnswer {
  status?: number;
  contentType?: string;
  body: unknown;
}

export interface ScriptedProvider {
  url: string;
  /** What is answered from now on, to whatever comes. A body that is no buffer is sent as JSON. */
  answer(answer: ScriptedAnswer | ((url: string) => ScriptedAnswer)): void;
  /** The last request: its path with query, its headers and its body. */
  last(): { url: string; headers: Record<string, unknown>; body: string };
  close(): Promise<void>;
}

/** A provider that says what it is told to, for the APIs of which only payloads are known. */
export async function startScriptedProvider(): Promise<ScriptedProvider> {
  let next: (url: string) => ScriptedAnswer = () => ({ body: {} });
  let last = { url: '', headers: {}, body: '' };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const sent = Buffer.concat(chunks).toString();
      last = { url: request.url ?? '', headers: request.headers, body: sent };
      const { status = 200, contentType = 'application/json', body } = next(last.url);
      response.writeHead(status, { 'content-type': contentType });
      response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (answer) => {
      next = typeof answer === 'function' ? answer : () => answer;
    },
    last: () => last,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
