import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alertModes, watchSettings } from './alert-settings.js';
import { loadConfig } from './load-config.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'farthing-alert-settings-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function load(text: string) {
  const file = join(directory, 'farthing.yaml');
  writeFileSync(file, text);
  return loadConfig(file, {}).config;
}

describe('alerts:', () => {
  test('need no configuration: what lasts pages, what is single is recorded', () => {
    const settings = load('{}').alerts;
    expect(settings).toMatchObject({ rules: [], sinks: [], actions: [], mute: [] });
    expect(alertModes(settings)).toMatchObject({ output: 'page', run: 'page', outlier: 'record' });
  });

  test('change how a cause is told, and leave the others', () => {
    const settings = load('alerts: { detectors: { creep: off, silence: page } }').alerts;
    expect(alertModes(settings)).toMatchObject({ creep: 'off', silence: 'page', output: 'page' });
  });

  test('growth pages from a dollar on, unless another size is written, as text or number', () => {
    const least = (text: string) => {
      const { alerts, run_guard: runGuard } = load(text);
      return watchSettings(alerts, runGuard).leastPage;
    };
    expect(least('{}')).toBe(1_000_000_000_000n);
    expect(least("alerts: { least_page_usd: '0.25' }")).toBe(250_000_000_000n);
    expect(least('alerts: { least_page_usd: 5 }')).toBe(5_000_000_000_000n);
    expect(least('alerts: { least_page_usd: 0 }')).toBe(0n);
  });

  test.each([
    ['least_page_usd: -1', 'must be an amount in USD, like "1.00"; "0" lets all page'],
    ['least_page_usd: 1 USD', 'must be an amount in USD'],
    ['detectors: { crep: off }', 'unknown key `alerts.detectors.crep`'],
    [
      'rules: [{ name: cap, rule: fixed_cap, metric: cost, limit: -1, per: call }]',
      'line 1: rule "cap": `limit` must be a number above 0',
    ],
    ['actions: [{ on: outputt, do: break }]', '"outputt" is no cause and no rule'],
    ['actions: [{ on: output, do: stop_run }]', 'stop_run is for incidents about a run'],
    ['actions: [{ on: output, do: degrade }]', 'degrade needs models, the dearest first'],
    ['actions: [{ on: run, do: stop_run, for: 1s }]', 'must be a duration from 1m to 7d'],
    ['mute: [{ until: tomorrow }]', 'must be an ISO time'],
  ])('%s is refused with the field and the fix', (settings, message) => {
    expect(() => load(`alerts: { ${settings} }`)).toThrow(message);
  });

  test('an action may be for a rule', () => {
    const text =
      'alerts: { rules: [{ name: z, rule: z_score }], actions: [{ on: z, do: throttle, for: 30m }] }';
    expect(load(text).alerts.actions).toMatchObject([{ on: 'z', approval: 'manual' }]);
  });
});
