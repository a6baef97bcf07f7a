import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { entryEvent, type Entry } from '@farthing/core';
import { OutletRefused, type Outlet } from '../outlet.js';

export interface NatsOptions {
  /** `nats://user:password@host:4222`; several, comma-separated, for a cluster. */
  url: string;
  /** Default `farthing.entries`. */
  subject?: string | undefined;
  /** User and password, or a token alone; better from the environment. */
  user?: string | undefined;
  password?: string | undefined;
  token?: string | undefined;
}

const answerMilliseconds = 10_000;

/** What a JetStream answers a publisher. */
interface Acknowledgement {
  stream?: string;
  seq?: number;
  duplicate?: boolean;
  error?: { code: number; description: string };
}

/**
 * A message for each entry, on a subject that a JetStream keeps: it answers when it has the message for
 * good, and drops one whose `Nats-Msg-Id` (the entry's id) it has had within its duplicate window. A
 * subject that no stream keeps is refused: its messages would be gone where nobody listens.
 */
export async function openNatsOutlet(options: NatsOptions): Promise<Outlet> {
  const { subject = 'farthing.entries' } = options;
  const servers = options.url.split(',').map((server) => new URL(server.trim()));
  // The client leaves out what stands before the host.
  const named = servers.find(({ username }) => username !== '');
  const user = options.user ?? (named && decodeURIComponent(named.username));
  const password = options.password ?? (named && decodeURIComponent(named.password));
  const connection = await connect({
    servers: servers.map(({ host }) => host),
    ...(servers.some(({ protocol }) => protocol === 'tls:') ? { tls: {} } : {}),
    name: 'farthing',
    timeout: answerMilliseconds,
    // Delivery tries again by itself, and from the right place.
    reconnect: false,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { pass: password }),
    ...(options.token === undefined ? {} : { token: options.token }),
  });
  return {
    async write(entries: readonly Entry[]) {
      // All at once, then every answer: one round trip for the batch, in the order of the journals.
      const answers = await Promise.all(
        entries.map((entry) => publish(connection, subject, entry)),
      );
      for (const { error } of answers) {
        if (error !== undefined) throw new Error(`NATS: ${error.description} (${error.code})`);
      }
    },
    close: () => connection.close(),
  };
}

async function publish(
  connection: NatsConnection,
  subject: string,
  entry: Entry,
): Promise<Acknowledgement> {
  const head = headers();
  head.set('Nats-Msg-Id', entry.id);
  head.set('Content-Type', 'application/json');
  head.set('Farthing-Event', entryEvent);
  try {
    const answer = await connection.request(subject, JSON.stringify(entry), {
      headers: head,
      timeout: answerMilliseconds,
    });
    return answer.json<Acknowledgement>();
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'NoRespondersError' || /no responders/i.test(message)) {
      throw new OutletRefused(
        `No JetStream keeps the subject ${subject}. Add a stream for it: nats stream add farthing --subjects ${subject}`,
      );
    }
    throw error;
  }
}
