import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeSink, strangeTexts } from '../conformance.js';
import { later, noticeOf, sampleIncident } from '../sample-notice.fixture.js';
import { SinkRefused } from '../sink.js';
import { openEmailSink, type EmailOptions } from './email-sink.js';
import { headerOf, startMailServer } from './smtp-receiver.fixture.js';

const password = 's3cret-passw0rd';
const addresses = { from: 'Farthing <farthing@example.com>', to: ['ops@example.com'] };
const auth: SMTPServerOptions = {
  disabledCommands: ['STARTTLS'],
  authOptional: false,
  allowInsecureAuth: true,
  onAuth: (given, _, done) => {
    if (given.password === password) done(null, { user: given.username });
    else done(new Error('wrong'));
  },
};
const open = (port: number, options: Partial<EmailOptions> = {}) =>
  openEmailSink({
    host: '127.0.0.1',
    port,
    security: 'none',
    ...addresses,
    ...options,
  });

describeSink(
  'email',
  async () => {
    const server = await startMailServer(auth);
    return {
      open: (timeoutMilliseconds) =>
        open(server.port, { user: 'farthing', password, timeoutMilliseconds }),
      received: () => server.mails.map((mail) => headerOf(mail, 'Message-ID')!),
      keyOf: ({ key }) => `<${key.replace(':', '.')}@example.com>`,
      texts: () => server.mails.map(({ raw }) => raw),
      attempts: server.attempts,
      complaints: () => [],
      secrets: [password],
      behave: server.behave,
      goAway: server.goAway,
      comeBack: server.comeBack,
    };
  },
  // The real server lets every client wait for a tenth of a second.
  { answers: true, asksForPause: false, failingMinutes: 10 },
);

test('mails of an incident make one thread, in words and in HTML', async () => {
  const server = await startMailServer();
  const sink = await open(server.port);
  const opened = noticeOf(sampleIncident());
  const resolved = later(opened, 'resolved', { title: 'search: output per call is 1.9 times' });
  await sink.send(opened, opened);
  await sink.send(resolved, opened);
  const [first, second] = server.mails;
  const { id } = opened.incident;
  expect(first).toMatchObject({ from: 'farthing@example.com', to: ['ops@example.com'] });
  expect(headerOf(first!, 'Subject')).toBe(
    '[Farthing] search: output per call is 2.1 times what it was',
  );
  expect(headerOf(second!, 'Subject')).toBe(
    'Re: [Farthing] search: output per call is 2.1 times what it was',
  );
  expect(headerOf(first!, 'Message-ID')).toBe(`<${id}.1@example.com>`);
  expect(headerOf(first!, 'References')).toBeNull();
  expect(headerOf(second!, 'Message-ID')).toBe(`<${id}.2@example.com>`);
  expect(headerOf(second!, 'References')).toBe(`<${id}.1@example.com>`);
  expect(headerOf(second!, 'In-Reply-To')).toBe(`<${id}.1@example.com>`);
  expect(headerOf(first!, 'Auto-Submitted')).toBe('auto-generated');
  expect(first!.raw).toMatch(/Content-Type: text\/plain/);
  expect(first!.raw).toMatch(/Content-Type: text\/html/);
  expect(first!.raw).toContain('Opened (page): search');
  expect(second!.raw).toContain('Resolved (page): search: output per call is 1.9 times');
  await server.goAway();
});

test('no tag makes a header, a recipient or a part of the page', async () => {
  const server = await startMailServer();
  const sink = await open(server.port);
  for (const title of strangeTexts) {
    const notice = noticeOf(sampleIncident({ title, summary: title, group: { feature: title } }));
    await sink.send(notice, notice);
    const mail = server.mails.at(-1)!;
    expect(mail.to).toEqual(['ops@example.com']);
    for (const name of ['Bcc', 'Cc', 'X-Evil']) expect(headerOf(mail, name)).toBeNull();
    expect(headerOf(mail, 'To')).toBe('ops@example.com');
    const html = mail.raw.slice(mail.raw.indexOf('Content-Type: text/html'));
    expect(html).not.toContain('<script>');
  }
  await server.goAway();
});

test('a wrong password is a refusal that does not show it', async () => {
  const server = await startMailServer(auth);
  const sink = await open(server.port, { user: 'farthing', password: 'wrong-passw0rd' });
  const notice = noticeOf(sampleIncident());
  const failure = await sink.send(notice, notice).catch((error: unknown) => error as Error);
  expect(failure).toBeInstanceOf(SinkRefused);
  expect((failure as Error).message).toMatch(/^127\.0\.0\.1:\d+ answers 535/);
  await server.goAway();
});

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasOpenssl)('encrypted (skipped where openssl is not installed)', () => {
  let folder: string;
  let certificate: { key: Buffer; cert: Buffer };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'farthing-mail-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=mail.example.com -addext subjectAltName=DNS:mail.example.com -keyout ${key} -out ${cert}`.split(
        ' ',
      ),
      { stdio: 'ignore' },
    );
    certificate = { key: readFileSync(key), cert: readFileSync(cert) };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  for (const security of ['starttls', 'tls'] as const) {
    test(`with ${security} it sends to a server whose certificate it is told to trust, and to no other`, async () => {
      const server = await startMailServer({
        ...auth,
        ...certificate,
        disabledCommands: [],
        allowInsecureAuth: false,
        secure: security === 'tls',
      });
      const notice = noticeOf(sampleIncident());
      const send = async (tls: EmailOptions['tls']) => {
        const sink = await open(server.port, { security, user: 'farthing', password, tls });
        await sink.send(notice, notice);
      };
      await expect(send(undefined)).rejects.toThrow(/certificate that is not trusted/);
      await expect(send(undefined)).rejects.toThrow(SinkRefused);
      const trusting = { ca_file: join(folder, 'cert.pem') };
      await expect(send({ ...trusting, servername: 'other.example.com' })).rejects.toThrow(
        /not trusted/,
      );
      expect(server.mails).toEqual([]);
      await send({ ...trusting, servername: 'mail.example.com' });
      await send({ verify: false });
      expect(server.mails).toMatchObject([
        { isEncrypted: true, user: 'farthing' },
        { isEncrypted: true, user: 'farthing' },
      ]);
      await server.goAway();
    });
  }

  test('a server that offers no encryption gets neither password nor mail', async () => {
    const server = await startMailServer(auth);
    const notice = noticeOf(sampleIncident());
    const sink = await open(server.port, { security: 'starttls', user: 'farthing', password });
    const failure = await sink.send(notice, notice).catch((error: unknown) => error as Error);
    expect(failure).toBeInstanceOf(SinkRefused);
    expect(failure).toMatchObject({ message: expect.stringMatching(/offers no encryption/) });
    expect(server.mails).toEqual([]);
    await server.goAway();
  });

  test('a file of certificates that is not there is told', async () => {
    await expect(open(1, { tls: { ca_file: join(folder, 'none.pem') } })).rejects.toThrow(
      /`tls\.ca_file` cannot be read/,
    );
  });
});
