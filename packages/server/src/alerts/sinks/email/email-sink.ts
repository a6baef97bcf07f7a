import { readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { createTransport } from 'nodemailer';
import { SinkRefused, type IncidentSink } from '../sink.js';
import { emailMessage } from './email-message.js';

export interface EmailOptions {
  host: string;
  /** Default 587 for `starttls`, 465 for `tls`, 25 for `none`. */
  port?: number | undefined;
  /** `starttls`: the connection becomes encrypted, or nothing is sent. */
  security: 'starttls' | 'tls' | 'none';
  user?: string | undefined;
  password?: string | undefined;
  from: string;
  to: readonly string[];
  tls?:
    | {
        ca_file?: string | undefined;
        servername?: string | undefined;
        verify?: boolean | undefined;
      }
    | undefined;
  /** Of each step of a delivery. Default 10 seconds. */
  timeoutMilliseconds?: number | undefined;
}

const ports = { starttls: 587, tls: 465, none: 25 };

/**
 * Mail by SMTP (RFC 5321), a connection for each notice. A reply of 5xx is a refusal, as are a password
 * that is not taken and a certificate that is not trusted; 4xx and a lost connection pass. When the server
 * takes some recipients and refuses others, the notice counts as told: else those would get it for ever.
 */
export async function openEmailSink(options: EmailOptions): Promise<IncidentSink> {
  const { host, security, from, to, user, password, timeoutMilliseconds = 10_000 } = options;
  const port = options.port ?? ports[security];
  const settings = {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
    tls: await tlsOptions(options.tls),
    connectionTimeout: timeoutMilliseconds,
    greetingTimeout: timeoutMilliseconds,
    socketTimeout: timeoutMilliseconds,
    dnsTimeout: timeoutMilliseconds,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  } as const;
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'farthing.invalid';
  const sockets = new Set<Socket>();
  return {
    async send(notice, opening) {
      // A socket of ours, so that what hangs can be given up.
      const socket = new Socket();
      sockets.add(socket);
      const message = emailMessage(notice, opening, domain);
      await createTransport({ ...settings, socket })
        .sendMail({ from, to: [...to], ...message })
        .catch((error: SmtpError) => {
          throw failureOf(error, `${host}:${port}`);
        })
        .finally(() => sockets.delete(socket));
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return Promise.resolve();
    },
  };
}

async function tlsOptions(tls: EmailOptions['tls']): Promise<ConnectionOptions> {
  if (tls === undefined) return {};
  return {
    ...(tls.ca_file === undefined ? {} : { ca: await trusted(tls.ca_file) }),
    ...(tls.servername === undefined ? {} : { servername: tls.servername }),
    rejectUnauthorized: tls.verify ?? true,
  };
}

async function trusted(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new SinkRefused(`\`tls.ca_file\` cannot be read: ${error.message}`);
  });
}

interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
  command?: string;
}

/** A server's own words may repeat an address or what it was sent; its number does not. */
function failureOf(error: SmtpError, server: string): Error {
  const { responseCode, code = 'ERROR', command } = error;
  if (code === 'ETLS') {
    return new SinkRefused(
      `${server} offers no encryption. Set \`security\` to \`tls\`, or to \`none\` where that is safe.`,
      { cause: error },
    );
  }
  if (responseCode !== undefined) {
    const step = command === undefined || !/^[A-Z ]{2,20}$/.test(command) ? '' : ` to ${command}`;
    const message = `${server} answers ${responseCode}${step}`;
    return responseCode >= 500
      ? new SinkRefused(message, { cause: error })
      : new Error(message, { cause: error });
  }
  if (isUntrusted(error)) {
    return new SinkRefused(
      `${server} shows a certificate that is not trusted. Set \`tls.ca_file\` to the one that it goes back to.`,
      { cause: error },
    );
  }
  return new Error(`${server} does not answer: ${code}`, { cause: error });
}

function isUntrusted(error: Error): boolean {
  const { cause } = error;
  const texts = [error.message, cause instanceof Error ? cause.message : ''].join(' ');
  return /certificate|self.signed|altnames|unable to verify/i.test(texts);
}
