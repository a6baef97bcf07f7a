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
});
