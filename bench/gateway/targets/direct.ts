import type { Target } from './target.js';

/** No proxy at all: what the load generator and the mock can do on their one core. */
export const direct: Target = {
  name: 'direct',
  title: 'direct',
  start: async ({ upstreamPort }) => ({ port: upstreamPort, headers: {}, version: '' }),
};
