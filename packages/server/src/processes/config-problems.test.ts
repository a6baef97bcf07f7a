import { expect, test } from 'vitest';
import { configSchema } from '../config/index.js';
import { configProblems } from './config-problems.js';

const config = configSchema.parse({
  control: { port: 4141 },
  outlets: [
    { name: 'finance', type: 'webhook', url: 'https://example.com', secret: '${HOOK_SECRET}' },
    { name: 'lake', type: 'jsonl', directory: 'lake' },
  ],
  alerts: { sinks: [{ name: 'oncall', type: 'slack', url: '${SLACK_URL}' }] },
});
const texts = (environment: Record<string, string>) =>
  configProblems(config, environment).map(({ message }) => message);

test('all that "farthing up" would refuse is told, each in its own sentence', () => {
  expect(texts({})).toEqual([
    expect.stringContaining('`gateway.port` and `control.port` are both 4141'),
    'The outlet "finance" takes `secret` from the environment variable HOOK_SECRET, which is not set.',
    'The sink "oncall" takes `url` from the environment variable SLACK_URL, which is not set.',
  ]);
});

test('outlets that are in each other’s way are told once each is right by itself', () => {
  const outlet = { type: 'jsonl', directory: 'lake' };
  const outlets = [
    { name: 'one', ...outlet },
    { name: 'two', ...outlet },
  ];
  expect(configProblems(configSchema.parse({ outlets }), {})).toMatchObject([
    { message: expect.stringContaining('write to one directory') },
  ]);
});

test('what the environment has is checked, too, and never told', () => {
  const [, outlet, ...others] = texts({
    HOOK_SECRET: 'too-short',
    SLACK_URL: 'https://hooks.slack.com/services/T0',
  });
  expect(outlet).toContain('less than 16 characters');
  expect(outlet).not.toContain('too-short');
  expect(others).toEqual([]);
});
