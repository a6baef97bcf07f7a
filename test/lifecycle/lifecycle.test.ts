import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../packages/server/src/fake-provider/index.js';
import { Installation } from '../support/farthing-process.js';

const unused = 'http://127.0.0.1:9';
let farthing: Installation;
afterEach(() => farthing.remove());

describe('starting', () => {
  test('on a port in use: one clear line, exit code 1, and nothing is left running', async () => {
    farthing = await Installation.create(unused);
    await farthing.start('gateway');
    const second = await farthing.run('up');
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/Port \d+ is in use.*gateway\.port/);
    expect(second.stderr.match(/is in use/g)).toHaveLength(1);
  });

  test('a second control plane on the same data directory is refused by name', async () => {
    farthing = await Installation.create(unused);
    await farthing.start('ledger');
    const second = await farthing.run('ledger');
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/in use|locked|another process/i);
  });

  test('on a data directory of a newer version: refused, nothing touched', async () => {
    farthing = await Installation.create(unused);
    mkdirSync(farthing.dataDirectory);
    writeFileSync(join(farthing.dataDirectory, 'version'), '7\n');
    const { code, stderr } = await farthing.run('gateway');
    expect(code).toBe(1);
    expect(stderr).toMatch(/layout 7; this Farthing knows layouts up to 1\. Update Farthing/);
  });

  test('with a typo in farthing.yaml: line and suggestion', async () => {
    farthing = await Installation.create(unused);
    writeFileSync(join(farthing.directory, 'farthing.yaml'), 'data: x\ngatway:\n  port: 1\n');
    const { code, stderr } = await farthing.run('up');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /farthing\.yaml, line 2: unknown key `gatway`\. Did you mean "gateway"\?/,
    );
  });

  test('where the data directory cannot be made: says which and what to do', async () => {
    farthing = await Installation.create(unused);
    const file = join(farthing.directory, 'file');
    writeFileSync(file, '');
    chmodSync(file, 0o400);
    const { code, stderr } = await farthing.run('gateway', '--data', join(file, 'data'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot be written.*Choose another with --data/);
  });

  test('wider than loopback without a token: refused with the reason', async () => {
    farthing = await Installation.create(unused, { gateway: { host: '0.0.0.0' } });
    const { code, stderr } = await farthing.run('gateway');
    expect(code).toBe(1);
    expect(stderr).toMatch(/can be reached from other machines, so `gateway\.token`/);
  });
});

describe('running', () => {
  test('a half-written journal line does not stop the ledger, and the doctor shows it', async () => {
    farthing = await Installation.create(unused);
    const journal = join(farthing.dataDirectory, 'journals', 'gateway');
    mkdirSync(journal, { recursive: true });
    const header = {
      type: 'segment',
      schema: 1,
      journal: 'gateway',
      segment: 1,
      created_at: '2026-11-01T00:00:00.000Z',
      open: [],
    };
    writeFileSync(
      join(journal, '0000000001.jsonl'),
      `${JSON.stringify(header)}\n{"type":"closed","entry":{"id":"01`,
    );
    await farthing.start('up');
    // A call, even one that fails, begins the next segment: only then is the line known to be torn.
    expect((await fetch(`${farthing.gatewayUrl}/openai/v1/models`)).status).toBe(502);
    await expect.poll(async () => (await farthing.status()).store.entries).toBe(1);
    const { stdout } = await farthing.run('doctor');
    expect(stdout).toMatch(/damaged|unreadable|torn/i);
  });

  test('a killed gateway is started again by `up`, and calls go on', async () => {
    const provider = await startFakeProvider({ seed: 'lifecycle' });
    farthing = await Installation.create(provider.url);
    await farthing.start('up');
    const call = () =>
      fetch(`${farthing.gatewayUrl}/openai/v1/models`, { headers: { authorization: 'Bearer k' } })
        .then((response) => response.status)
        .catch(() => 0);
    expect(await call()).toBe(200);
    farthing.killGateway();
    await expect.poll(call, { timeout: 20_000 }).toBe(200);
    await provider.close();
  });

  test('commands without a control plane open the books themselves and say so', async () => {
    farthing = await Installation.create(unused);
    await farthing.start('up');
    await farthing.stopAll();
    const { code, stdout, stderr } = await farthing.run('report', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toBeTypeOf('object');
    expect(stderr).toContain('reading its store directly');
  });
});
