import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Knows which connections carry a call. Node's own `closeIdleConnections` spares those that were
 * opened and never used, as client pools do, and a stop would wait for them until its deadline.
 */
export class Connections {
  readonly #open = new Set<Socket>();
  readonly #calls = new Map<Socket, number>();

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.#open.add(socket);
      socket.once('close', () => {
        this.#open.delete(socket);
        this.#calls.delete(socket);
      });
    });
    server.on('request', ({ socket }, response) => {
      this.#calls.set(socket, (this.#calls.get(socket) ?? 0) + 1);
      response.once('close', () => {
        const left = (this.#calls.get(socket) ?? 1) - 1;
        if (left > 0) this.#calls.set(socket, left);
        else this.#calls.delete(socket);
      });
    });
  }

  closeIdle(): void {
    for (const socket of this.#open) if (!this.#calls.has(socket)) socket.destroy();
  }

  closeAll(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
