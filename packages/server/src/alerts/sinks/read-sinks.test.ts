import { expect, test } from 'vitest';
import { alertSinkList, type AlertSinkConfig } from '../../config/index.js';
import { readAlertSinks } from './read-sinks.js';

const read = (sink: object, environment: Record<string, string> = {}): AlertSinkConfig =>
  readAlertSinks(alertSinkList.parse([{ name: 'ops', ...sink }]), environment)[0]!;

function failureOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

test('the sinks of the documentation are taken, with secrets from the environment', () => {
  const environment = {
    SLACK_WEBHOOK: 'https://hooks.slack.com/services/T0/B0/x',
    ROUTING_KEY: 'r0uting',
    SMTP_PASSWORD: 'p@ss ${X}',
    ONCALL: 'oncall@example.com',
  };
  expect(read({ type: 'slack', url: '${SLACK_WEBHOOK}' }, environment)).toEqual({
    name: 'ops',
    type: 'slack',
    severity: ['page'],
    url: environment.SLACK_WEBHOOK,
  });
  expect(read({ type: 'pagerduty', routing_key: '${ROUTING_KEY}' }, environment)).toMatchObject({
    routing_key: 'r0uting',
    url: 'https://events.pagerduty.com/v2/enqueue',
  });
  expect(read({ type: 'alertmanager', url: 'http://localhost:9093' })).toMatchObject({
    repeat: '1m',
  });
  const email = {
    type: 'email',
    host: 'smtp.example.com',
    user: 'farthing',
    password: '${SMTP_PASSWORD}',
    from: 'Farthing <farthing@example.com>',
    to: ['${ONCALL}'],
  };
  expect(read(email, environment)).toMatchObject({
    security: 'starttls',
    password: 'p@ss ${X}',
    to: ['oncall@example.com'],
  });
});

test('a secret that signs is measured as the environment has it', () => {
  const hook = { type: 'webhook', url: 'https://example.com/', secret: '${KEY}' };
  const secret = 'a secret of some length';
  expect(read(hook, { KEY: secret })).toMatchObject({ secret });
  expect(failureOf(() => read(hook, { KEY: 'short' }))).toMatch(/less than 16 characters/);
});

test('a mistake names the sink and the field, and never the value', () => {
  const hook = { type: 'webhook', url: 'https://example.com/s3cret' };
  const email = {
    type: 'email',
    host: 'smtp.example.com',
    from: 'farthing@example.com',
    to: ['ops@example.com'],
  };
  const mistakes: [object, RegExp][] = [
    [{ ...hook, url: '${NO_SUCH}' }, /"ops" takes `url` from the environment variable NO_SUCH/],
    [{ ...hook, url: 'ftp://example.com/s3cret' }, /"ops" has a `url` that is none/],
    [{ ...hook, url: 'https://ada:s3cret@example.com' }, /user or password in its `url`/],
    [{ ...hook, headers: { authorization: 's3cret\nx' } }, /`headers\.authorization`/],
    [{ ...hook, secret: 's3cret' }, /`secret` of less than 16 characters/],
    [{ ...email, to: ['ops@example.com', 's3cret'] }, /an address in `to\.1` that is none/],
    [{ ...email, from: 's3cret\r\nBcc: all@example.com' }, /an address in `from`/],
    [{ ...email, to: ['a\u0000s3cret@example.com'] }, /an address in `to\.0`/],
    [{ ...email, user: 'farthing' }, /needs `password` too/],
    [{ ...email, user: 'a', password: 's3cret', security: 'none' }, /for everybody on the way/],
    [{ ...email, host: '127.evil.example', user: 'a', password: 'b', security: 'none' }, /way/],
  ];
  for (const [sink, words] of mistakes) {
    const failure = failureOf(() => read(sink));
    expect(failure).toMatch(words);
    expect(failure).not.toContain('s3cret');
  }
  const local = { ...email, host: '127.0.0.1', user: 'a', password: 'b', security: 'none' };
  expect(read(local)).toMatchObject({ host: '127.0.0.1' });
});

test('two sinks of one name, unknown types, keys and causes are refused', () => {
  const slack = { name: 'a', type: 'slack', url: 'https://x' };
  const problemOf = (sinks: object[]) =>
    alertSinkList.safeParse(sinks).error?.issues.map(({ path }) => path.join('.'));
  expect(problemOf([slack, slack])).toEqual(['1.name']);
  expect(problemOf([{ ...slack, type: 'pigeon' }])).toEqual(['0.type']);
  expect(problemOf([{ ...slack, causes: ['cost', 'weather'] }])).toEqual(['0.causes.1']);
  expect(problemOf([{ ...slack, severity: [] }])).toEqual(['0.severity']);
  const alertmanager = { name: 'a', type: 'alertmanager', url: 'http://x' };
  expect(problemOf([{ ...alertmanager, repeat: '2d' }])).toEqual(['0.repeat']);
  expect(problemOf([{ ...alertmanager, labels: { 'a-b': 'c' } }])).toEqual(['0.labels.a-b']);
});
