import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { FarthingError } from '@farthing/core';

export interface ServedControlPlane {
  /** Where it answers, e.g. `http://127.0.0.1:4142`; with port 0 the port that was given. */
  url: string;
  /**
   * Stops accepting and waits for requests under way; what still runs after `deadlineMilliseconds`
   * is cut off. End the live streams first (`LiveEvents.close`): they never end by themselves.
   */
  close(deadlineMilliseconds?: number): Promise<void>;
}

const keepAliveMilliseconds = 75_000;

/** Puts the app on a port. Rejects with `port_in_use` or `cannot_listen` and the way out. */
export function serveControlPlane(
  app: OpenAPIHono,
  listener: { host: string; port: number },
  setting: 'control' | 'otlp' = 'control',
): Promise<ServedControlPlane> {
  return new Promise((resolve, reject) => {
    const server = serve(
      { fetch: app.fetch, hostname: listener.host, port: listener.port },
      (address) => {
        const host = listener.host.includes(':') ? `[${listener.host}]` : listener.host;
        resolve({
          url: `http://${host}:${address.port}`,
          close: (deadline = 5000) => closeServer(server, deadline),
        });
      },
    ) as Server;
    // Longer than clients keep idle connections: one that is closed under a request looks like a failure.
    server.keepAliveTimeout = keepAliveMilliseconds;
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(cannotListen(error, listener, setting)),
    );
  });
}

function closeServer(server: Server, deadlineMilliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => server.closeAllConnections(), deadlineMilliseconds);
    server.close(() => {
      clearTimeout(deadline);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function cannotListen(
  error: NodeJS.ErrnoException,
  listener: { host: string; port: number },
  setting: string,
): FarthingError {
  if (error.code === 'EADDRINUSE') {
    return new FarthingError(
      'port_in_use',
      `Port ${listener.port} on ${listener.host} is in use, perhaps by another Farthing. Stop it, or choose another port with ${setting}.port in farthing.yaml.`,
      { cause: error },
    );
  }
  return new FarthingError(
    'cannot_listen',
    `Cannot listen on ${listener.host}:${listener.port}: ${error.message}. Check ${setting}.host and ${setting}.port in farthing.yaml.`,
    { cause: error },
  );
}
