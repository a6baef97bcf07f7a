import { createServer } from 'node:http';

/**
 * What nobody who answers with node:http can go below: reads a request and refuses it, without asking
 * anything. Takes the port as its argument.
 */
const body = JSON.stringify({
  error: {
    message:
      'Budget "feature" does not have enough left for this call. Why: farthing budgets why 01a2048a-dead-7821-aa53-2af080d72606',
    type: 'budget_exceeded',
    param: null,
    code: 'insufficient_quota',
  },
});
const id = '01a2048a-dead-7821-aa53-2af080d72606';

createServer({ noDelay: true, keepAliveTimeout: 75_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const headers = ['content-type', 'application/json', 'content-length', String(body.length)];
    headers.push('x-should-retry', 'false', 'x-farthing-call-id', id, 'x-request-id', id);
    response.writeHead(429, headers);
    response.end(body);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
