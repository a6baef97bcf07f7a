// The Node floor: the least a gateway on node:http and undici can cost. It forwards the request's
// bytes and the answer's chunks as they come; it reads, meters and checks nothing.
//
// Undici's raw handlers (not its stream or promise API) hand over header buffers and chunks
// without a stream object in between. The request body is gathered first, as every gateway must
// that looks at the body before it lets the call go; undici also sends a Buffer cheaper than a stream.
//
// Usage: node proxy.js PORT UPSTREAM_ORIGIN

import { createServer } from 'node:http';
import { Pool } from 'undici';

const [port, upstream] = process.argv.slice(2);
const pool = new Pool(upstream, { connections: null, pipelining: 1, keepAliveTimeout: 60_000 });

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te']);
// These describe the connection to the proxy or are set anew by undici.
const NOT_FORWARDED = new Set([...HOP_BY_HOP, 'host', 'content-length', 'expect']);

const requestHeaders = (raw) => {
  const kept = [];
  for (let i = 0; i < raw.length; i += 2) {
    if (!NOT_FORWARDED.has(raw[i].toLowerCase())) kept.push(raw[i], raw[i + 1]);
  }
  return kept;
};

const responseHeaders = (raw) => {
  const kept = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i].toString('latin1');
    if (!HOP_BY_HOP.has(name.toLowerCase())) kept.push(name, raw[i + 1].toString('latin1'));
  }
  return kept;
};

const forward = (incoming, outgoing, body) => {
  let abort;
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) abort?.();
  });
  pool.dispatch(
    {
      path: incoming.url,
      method: incoming.method,
      headers: requestHeaders(incoming.rawHeaders),
      body,
    },
    {
      onConnect(abortRequest) {
        abort = abortRequest;
      },
      onHeaders(status, rawHeaders, resume) {
        if (status < 200) return true;
        outgoing.writeHead(status, responseHeaders(rawHeaders));
        outgoing.on('drain', resume);
        return true;
      },
      onData: (chunk) => outgoing.write(chunk),
      onComplete() {
        abort = undefined;
        outgoing.end();
      },
      onError(error) {
        if (outgoing.headersSent) outgoing.destroy(error);
        else outgoing.writeHead(502).end();
      },
    },
  );
};

const server = createServer((incoming, outgoing) => {
  const chunks = [];
  incoming.on('data', (chunk) => chunks.push(chunk));
  incoming.on('end', () => {
    forward(incoming, outgoing, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
  });
});

server.listen(Number(port), '127.0.0.1');
