import { describe, expect, test } from 'vitest';
import { isLoopback, listenerProblems } from './listeners.js';
import { configSchema } from './schema.js';

const problems = (settings: object) =>
  listenerProblems(configSchema.parse(settings)).map(({ code, message }) => `${code}: ${message}`);
const token = 'a-secret-of-enough-characters';

test('the defaults have none', () => {
  expect(problems({})).toEqual([]);
});

test('loopback is 127.0.0.0/8, ::1 and localhost', () => {
  expect(['127.0.0.1', '::1', 'localhost'].every(isLoopback)).toBe(true);
  expect(['0.0.0.0', '192.168.1.1', '127.0.0.1.evil.example', '::'].some(isLoopback)).toBe(false);
});

describe('what other machines can reach needs a token', () => {
  test.each([
    [{ gateway: { host: '0.0.0.0' } }, '`gateway.host: 0.0.0.0`'],
    [{ control: { host: '192.168.1.4' } }, '`control.host: 192.168.1.4`'],
    [{ otlp: { host: '::', port: 4318 } }, '`otlp.host: ::`'],
  ])('%j', (settings, named) => {
    const [problem, ...others] = problems(settings);
    expect(problem).toContain(`token_missing: ${named} can be reached from other machines`);
    expect(others).toEqual([]);
  });

  test.each([
    { gateway: { host: '0.0.0.0', token } },
    { control: { host: '0.0.0.0', token } },
    // OTLP takes the token of the control plane, and listens only where it has a port.
    { otlp: { host: '0.0.0.0', port: 4318 }, control: { token } },
    { otlp: { host: '0.0.0.0' } },
    { gateway: { host: '127.0.0.2' }, control: { host: '::1' } },
  ])('and with one, or without being reached, nothing is wrong: %j', (settings) => {
    expect(problems(settings)).toEqual([]);
  });
});

describe('a port is given once', () => {
  test('each two that meet are named', () => {
    expect(problems({ gateway: { port: 4200 }, control: { port: 4200 } })).toEqual([
      'port_given_twice: `gateway.port` and `control.port` are both 4200, on which only one can listen: give one of them another port.',
    ]);
    const all = { gateway: { port: 4200 }, control: { port: 4200 }, otlp: { port: 4200 } };
    expect(problems(all)).toHaveLength(3);
  });

  test.each([
    ['localhost', '127.0.0.1', 1],
    ['0.0.0.0', '127.0.0.1', 1],
    ['127.0.0.1', '127.0.0.2', 0],
  ])('on %s and %s', (one, other, count) => {
    const found = problems({
      gateway: { host: one, port: 4200, token },
      control: { host: other, port: 4200 },
    });
    expect(found).toHaveLength(count);
  });

  test('any free port is not one and the same', () => {
    expect(problems({ gateway: { port: 0 }, control: { port: 0 } })).toEqual([]);
  });
});
