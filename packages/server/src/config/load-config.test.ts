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
});
