import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from './load-config.js';

function load(yaml: string, environment: Record<string, string> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'farthing-config-'));
  writeFileSync(join(directory, 'farthing.yaml'), yaml);
  return loadConfig(undefined, environment, directory).config;
}

describe('the configuration', () => {
  test('has a default for everything', () => {
    const { config, file } = loadConfig(undefined, {}, mkdtempSync(join(tmpdir(), 'farthing-')));
    expect(file).toBeNull();
    expect(config.gateway).toMatchObject({ host: '127.0.0.1', port: 4141, on_full_disk: 'refuse' });
    expect(config.control.port).toBe(4142);
    expect(load('')).toEqual(config);
  });

  test('takes providers by name', () => {
    const config = load('providers:\n  groq:\n    base_url: https://api.groq.com/openai/v1\n');
    expect(config.providers['groq']).toEqual({
      base_url: 'https://api.groq.com/openai/v1',
      api: 'openai',
    });
  });

  test('is overridden by FARTHING_* variables', () => {
    const config = load('gateway:\n  port: 5000\n', { FARTHING_GATEWAY_PORT: '6000' });
    expect(config.gateway.port).toBe(6000);
    expect(() => load('', { FARTHING_GATEWAY_PORT: 'high' })).toThrow(
      'FARTHING_GATEWAY_PORT must be a whole number, not "high".',
    );
  });

  test('names line, key and likely meaning of a typo', () => {
    expect(() => load('data: ./x\ngateway:\n  host: 127.0.0.1\n  prot: 5000\n')).toThrow(
      /farthing\.yaml, line 4: unknown key `gateway\.prot`\. Did you mean "port"\?/,
    );
    expect(() => load('gatway: {}\n')).toThrow(
      /line 1: unknown key `gatway`\. Did you mean "gateway"\?/,
    );
    expect(() => load('providers:\n  groq:\n    base_ulr: https://x\n')).toThrow(
      /line 3: unknown key `providers\.groq\.base_ulr`\. Did you mean "base_url"\?/,
    );
  });

  test('names line and field of a wrong value', () => {
    expect(() => load('\ngateway:\n  port: many\n')).toThrow(/line 3: `gateway\.port`: /);
    expect(() => load('providers:\n  x:\n    base_url: ftp://x\n')).toThrow(
      /line 3: `providers\.x\.base_url`: must be a http\(s\) URL/,
    );
  });

  test('tells where the YAML is broken, and when a named file is missing', () => {
    expect(() => load('gateway:\n  port: [1\n')).toThrow(
      /farthing\.yaml, line \d+: not valid YAML/,
    );
    expect(() => loadConfig('nowhere.yaml', {})).toThrow(
      /nowhere\.yaml does not exist\. Correct --config/,
    );
  });

  test('tells a file that is no settings, or no file, by its name', () => {
    expect(() => load('- gateway\n')).toThrow(
      /farthing\.yaml holds no settings, but a list\. Write/,
    );
    expect(() => load('port 4141\n')).toThrow(/holds no settings, but a text\./);
    expect(load('# nothing yet\n').gateway.port).toBe(4141);
    expect(() => loadConfig(tmpdir(), {})).toThrow(/cannot be read: EISDIR/);
    const nines = (of: string) => `[${Array(9).fill(of).join(', ')}]`;
    const bomb = ['x', 'a', 'b', 'c', 'd', 'e', 'f'].reduce(
      (text, name, index, names) =>
        index === 0
          ? ''
          : `${text}${name}: &${name} ${nines(index === 1 ? 'x' : `*${names[index - 1]}`)}\n`,
      '',
    );
    expect(() => load(bomb)).toThrow(/farthing\.yaml: Excessive alias count/);
  });
});

describe('budgets', () => {
  test('are told wrong with line, name, field and fix', () => {
    const wrong = `budgets:
  - name: team
    limit: 100
  - name: each user
    scope: { user: "*" }
    limit: -5
    window: dya
`;
    expect(() => load(wrong)).toThrow(
      /farthing\.yaml, line 6: budget "each user": `limit` must be an amount[^]*line 7: budget "each user": `window` must be one of[^]*Did you mean "day"/,
    );
    expect(() => load('budgets:\n  - name: a\n    limit: 1\n  - name: b\n')).toThrow(
      /line 4: budget "b": `limit` must be .* it is missing/,
    );
  });

  test('and breakers that follow one of them', () => {
    const yaml = (pace: string) => `budgets:
  - { name: support, limit: 24, window: day }
breakers:
  - name: fast
    budget: ${pace}
    pace: 3
`;
    expect(load(yaml('support')).breakers).toHaveLength(1);
    expect(() => load(yaml('suport'))).toThrow(
      /line 5: breaker "fast": `budget` names no budget\. Did you mean "support"/,
    );
  });

  test('may be shared through Redis', () => {
    expect(load('redis: { url: "redis://localhost:6379" }').redis).toMatchObject({
      namespace: 'default',
    });
    expect(load('', { FARTHING_REDIS_URL: 'rediss://db:6380/2' }).redis?.url).toBe(
      'rediss://db:6380/2',
    );
    expect(() => load('redis: { url: "http://x" }')).toThrow(
      /line 1: `redis\.url`: must be a Redis/,
    );
  });
});
