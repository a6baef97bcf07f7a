import type { Entry } from '@farthing/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleEntry } from '../../store/conformance/batches.js';
import { describeOutlet } from '../conformance.js';
import { OutletRefused } from '../outlet.js';
import { openPostgresOutlet } from './postgres-outlet.js';
import { postgresPrograms, PostgresServer } from './postgres-server.fixture.js';

const isInstalled = postgresPrograms() !== null;

describe.skipIf(!isInstalled)('PostgreSQL (skipped where it is not installed)', () => {
  let server: PostgresServer;
  let tables = 0;
  beforeAll(async () => {
    server = await PostgresServer.start();
  }, 60_000);
  afterAll(() => server?.close());

  describeOutlet(
    'postgres',
    () => {
      const table = `entries_${(tables += 1)}`;
      return Promise.resolve({
        open: () => openPostgresOutlet({ url: server.url, table }),
        received: async () =>
          (await server.query(`SELECT entry FROM ${table}`)).map(({ entry }) => entry as Entry),
        goAway: () => server.kill(),
        comeBack: () => server.resume(),
        close: () => Promise.resolve(),
      });
    },
    { dropsRepeated: true },
  );

  test('has columns to ask for, with exact amounts', async () => {
    const outlet = await openPostgresOutlet({ url: server.url, table: 'asked' });
    const cost = { usd: '0.100000000001', status: 'priced' as const, charges: [] };
    await outlet.write([
      sampleEntry({ cost, tags: { feature: 'search', user: 'u_1' } }),
      sampleEntry({ cost, tags: { feature: 'search', user: 'u_2' } }),
    ]);
    await outlet.close();
    const rows = await server.query(
      'SELECT feature, count(DISTINCT user_id) AS users, sum(cost_usd) AS cost FROM asked GROUP BY feature',
    );
    expect(rows).toEqual([{ feature: 'search', users: '2', cost: '0.200000000002' }]);
  });

  test('a table of another make, a wrong password and a wrong name are refused with the reason', async () => {
    await server.query('CREATE TABLE other (id integer)');
    const other = await openPostgresOutlet({ url: server.url, table: 'other' });
    await expect(other.write([sampleEntry()])).rejects.toThrow(OutletRefused);
    await other.close();
    const nobody = server.url.replace('farthing@', 'nobody@');
    await expect(openPostgresOutlet({ url: nobody })).rejects.toThrow(
      /role "nobody" does not exist/,
    );
    await expect(
      openPostgresOutlet({ url: server.url, table: 'x; DROP TABLE asked' }),
    ).rejects.toThrow(/cannot be the table of an outlet/);
  });

  test('texts that PostgreSQL cannot hold lose that character and never hold up the rest', async () => {
    const outlet = await openPostgresOutlet({ url: server.url, table: 'texts' });
    const texts = ['\\u0000', '\\\\u0000', 'a\0b', '\ud800', 'x\udc00y', '\\ud800', '😀'];
    await outlet.write(
      texts.map((text) =>
        sampleEntry({ model: text, tags: { feature: text, custom: { team: text } } }),
      ),
    );
    await outlet.write([sampleEntry({ model: 'm', duration_ms: 12.5, tags: { feature: 'z' } })]);
    await outlet.close();
    const rows = await server.query(
      "SELECT model, feature, entry->'tags'->'custom'->>'team' AS team, duration_ms FROM texts",
    );
    const kept = ['\\u0000', '\\\\u0000', 'ab', '\ufffd', 'x\ufffdy', '\\ud800', '😀'];
    expect(rows).toEqual([
      ...kept.map((text) => ({ model: text, feature: text, team: text, duration_ms: '1212' })),
      { model: 'm', feature: 'z', team: null, duration_ms: '13' },
    ]);
  });

  test('a server that hangs holds up neither a batch nor the end for ever', async () => {
    const outlet = await openPostgresOutlet({ url: server.url, answerMilliseconds: 300 });
    await server.hang();
    try {
      await expect(outlet.write([sampleEntry()])).rejects.toThrow();
      await outlet.close();
      await expect(
        openPostgresOutlet({ url: server.url, answerMilliseconds: 300 }),
      ).rejects.toThrow();
    } finally {
      await server.goOn();
    }
    const idle = await openPostgresOutlet({ url: server.url, answerMilliseconds: 300 });
    await server.hang();
    try {
      await idle.close();
    } finally {
      await server.goOn();
    }
  });
});
