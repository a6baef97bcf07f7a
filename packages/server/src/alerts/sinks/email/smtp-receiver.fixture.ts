import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Behaviour } from '../receiver.fixture.js';

export interface Mail {
  from: string;
  to: string[];
  /** As it came over the wire, without dots doubled. */
  raw: string;
  isEncrypted: boolean;
  user: string | null;
}

/** A real mail server on a port that it keeps. */
export async function startMailServer(options: SMTPServerOptions = {}) {
  let behaviour: Behaviour = 'takes';
  let server: SMTPServer | null = null;
  const mails: Mail[] = [];
  let attempts = 0;
  const listen = async (port: number) => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      closeTimeout: 10,
      disableReverseLookup: true,
      ...options,
      onData(stream, session, done) {
        attempts += 1;
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          if (behaviour === 'hangs') return;
          if (behaviour === 'fails') return done(reply(451, 'try later'));
          if (behaviour === 'refuses') return done(reply(550, 'no such user s3cret-passw0rd'));
          const { mailFrom, rcptTo } = session.envelope;
          mails.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            raw: Buffer.concat(chunks).toString('utf8'),
            isEncrypted: session.secure,
            user: typeof session.user === 'string' ? session.user : null,
          });
          done();
        });
      },
    });
    server.on('error', () => undefined);
    server.server.on('connection', (socket: Socket) => socket.setNoDelay(true));
    server.listen(port, '127.0.0.1');
    await once(server.server, 'listening');
  };
  await listen(0);
  const { port } = server!.server.address() as AddressInfo;
  return {
    port,
    mails,
    attempts: () => attempts,
    behave: (next: Behaviour) => void (behaviour = next),
    comeBack: () => listen(port),
    goAway: () =>
      new Promise<void>((resolve) => {
        if (server === null) return resolve();
        server.close(() => resolve());
        server = null;
      }),
  };
}

function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

/** A header's value, unfolded. */
export function headerOf({ raw }: Mail, name: string): string | null {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ');
  const line = head
    .split('\r\n')
    .find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}: `));
  return line === undefined ? null : line.slice(name.length + 2);
}
