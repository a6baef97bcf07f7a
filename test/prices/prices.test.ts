import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry, MissingPrice, PriceComparison } from '@farthing/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';
import { Installation, pause } from '../support/farthing-process.js';

let provider: FakeProvider;
let farthing: Installation;
beforeEach(async () => {
  provider = await startFakeProvider({ seed: 'prices', latency: 'none' });
  farthing = await Installation.create(provider.url);
});
afterEach(async () => {
  await farthing.stopAll();
  await farthing.remove();
  await provider.close();
});

const house = () => join(farthing.directory, 'house.yaml');
const price = (input: string, output = '1') =>
  `prices:\n  - provider: openai\n    model: gpt-5-mini\n    rates_per_mtok: { input: "${input}", output: "${output}" }\n`;

/** Adds keys to farthing.yaml. */
function configure(settings: object): void {
  const path = join(farthing.directory, 'farthing.yaml');
  const config = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...config, ...settings }));
}

/** Sends one call and resolves with its entry in the books. */
async function call(): Promise<Entry> {
  const feature = `call-${Math.random()}`;
  expect(await farthing.call(feature)).toBe(200);
  for (let attempt = 0; attempt < 100; attempt++) {
    await farthing.untilBooked();
    const booked = (await farthing.entries()).find(({ tags }) => tags.feature === feature);
    if (booked !== undefined) return booked;
    await pause(50);
  }
  throw new Error('the call is not booked');
}

/** Keeps calling until a call is priced like that: a change takes effect within moments, for all later ones. */
async function untilInputCosts(rate: string): Promise<Entry> {
  for (let attempt = 0; attempt < 60; attempt++) {
    const entry = await call();
    if (inputRate(entry) === rate) return entry;
    await pause(100);
  }
  throw new Error(`no call was priced at ${rate}`);
}

function inputRate({ cost }: Entry): string | undefined {
  return cost.charges.find(({ kind }) => kind === 'input_uncached')?.rate_usd;
}

async function gatewayMetric(name: string): Promise<string[]> {
  const text = await (await fetch(`${farthing.gatewayUrl}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(name));
}

test('a price file that comes, changes, breaks and goes while calls flow', async () => {
  configure({ price_book: { files: ['house.yaml'] } });
  await farthing.start('up');
  const list = await call();
  expect(list.cost.source).toBe('base');
  await untilState('failed', /no such file/);

  writeFileSync(house(), price('3'));
  const own = await untilInputCosts('3');
  expect(own.cost).toMatchObject({ status: 'priced', source: 'override' });
  expect(own.cost.price?.book).toMatch(/^house\.yaml@[0-9a-f]{8}$/);
  expect(own.cost.list_usd).toBeDefined();

  // Half a file, as a writer leaves it who dies: the last good one stays, and it is told.
  writeFileSync(house(), price('4').slice(0, 70));
  await untilState('stale');
  expect(inputRate(await call())).toBe('3');
  expect(await gatewayMetric('farthing_price_source_up{kind="file"')).toEqual([
    expect.stringMatching(/ 0$/),
  ]);
  const stale = await farthing.run('doctor');
  expect(stale.stdout).toMatch(
    /PROBLEM +Prices of .*house\.yaml.*\n.*last good prices \(house\.yaml@/,
  );

  writeFileSync(`${house()}.new`, price('4'));
  renameSync(`${house()}.new`, house());
  await untilInputCosts('4');
  await untilState('ok');

  rmSync(house());
  await untilState('stale');
  expect(inputRate(await call())).toBe('4');
  await farthing.stopAll();
  await farthing.start('up');
  expect(inputRate(await call())).toBe('4');

  // More than tenfold is held back until a person says that it is meant.
  writeFileSync(house(), price('400'));
  await untilState('stale', /held back: .*input from 4 to 400/);
  expect(inputRate(await call())).toBe('4');
  const accepted = await farthing.run('prices', 'refresh', '--files', '--accept');
  expect(accepted.code).toBe(0);
  await untilInputCosts('400');
});

async function untilState(state: string, problem = /^/): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { prices } = await farthing.status();
    const file = prices.sources.find(({ kind }) => kind === 'file')!;
    if (file.state === state && problem.test(file.problem ?? '')) return;
    await pause(100);
  }
  throw new Error(
    `the price file does not become ${state}: ${JSON.stringify((await farthing.status()).prices)}`,
  );
}

test('a price set by command and a refreshed list price the next calls of running processes', async () => {
  await farthing.start('up');
  await call();
  const set = await farthing.run(
    ...'prices set --provider openai --model gpt-5-mini --input 7 --output 9'.split(' '),
  );
  expect(set.stdout).toMatch(/holds from .* \(now, because there was a price already/);
  const own = await untilInputCosts('7');
  expect(own.cost.price?.book).toBe('own');

  const list = [
    {
      id: 'openai',
      models: [
        {
          id: 'gpt-5-mini',
          match: { equals: 'gpt-5-mini' },
          prices: { input_mtok: 0.5, cache_read_mtok: 0.05, output_mtok: 4 },
        },
      ],
    },
  ];
  const path = join(farthing.directory, 'list.json');
  writeFileSync(path, JSON.stringify(list));
  const diff = await farthing.run('prices', 'diff', '--from', path, '--json');
  const { ledger, changes } = JSON.parse(diff.stdout) as {
    ledger: PriceComparison;
    changes: object[];
  };
  expect(changes.length).toBeGreaterThan(1000);
  // Two of the calls so far cost the own price, whatever the list says; the first one the list's.
  expect(ledger.calls).toBe((await farthing.entries()).length);
  expect(Number(ledger.change_usd)).toBeGreaterThan(0);

  await farthing.run('prices', 'unset', '--provider', 'openai', '--model', 'gpt-5-mini');
  const refused = await farthing.run('prices', 'refresh', '--from', path);
  expect(refused.code).toBe(1);
  expect((await farthing.run('prices', 'refresh', '--from', path, '--accept')).code).toBe(0);
  const refreshed = await untilInputCosts('0.5');
  expect(refreshed.cost.price?.book).toMatch(/^genai-prices@\d{4}-\d{2}-\d{2}\.[0-9a-f]{8}$/);

  // What no list has any more is missing, with what to add for it.
  await fetch(`${farthing.gatewayUrl}/anthropic/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': 'sk-test', 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'claude-sonnet-4-5',
      max_tokens: 8,
      messages: [{ role: 'user', content: 'Hi' }],
    }),
  }).then((response) => response.text());
  await farthing.untilBooked();
  const { missing } = JSON.parse((await farthing.run('prices', 'missing', '--json')).stdout) as {
    missing: MissingPrice[];
  };
  expect(missing).toMatchObject([
    {
      provider: 'anthropic',
      cost_status: 'unknown_model',
      calls: 1,
      command: expect.stringMatching(
        /^farthing prices set --provider anthropic --model claude-sonnet-4-5/,
      ),
    },
  ]);
});

test('a price map of LiteLLM’s size is read apart from the calls, and a broken one is refused', async () => {
  const path = join(farthing.directory, 'litellm.json');
  const model = (input: number) => ({
    litellm_provider: 'openai',
    mode: 'chat',
    input_cost_per_token: input,
    output_cost_per_token: 4e-6,
  });
  const write = (input: number, changes: object = {}) => {
    const others = Array.from({ length: 1_000 }, (_, index) => [`house-${index}`, model(2e-6)]);
    const map = { ...Object.fromEntries(others), 'gpt-5-mini': model(input), ...changes };
    writeFileSync(path, JSON.stringify(map));
  };
  write(3e-7);
  configure({ price_book: { files: ['litellm.json'] } });
  await farthing.start('up');
  const first = await call();
  expect(inputRate(first)).toBe('0.3');
  expect(first.cost.price?.book).toMatch(/^litellm\.json@[0-9a-f]{8}$/);
  write(4e-7);
  await untilInputCosts('0.4');
  write(5e-7, { 'gpt-4.1': model(-1) });
  await untilState('stale', /gpt-4\.1/);
  expect(inputRate(await call())).toBe('0.4');
});
