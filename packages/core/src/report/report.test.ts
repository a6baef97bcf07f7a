import { expect, test } from 'vitest';
import type { Query, QueryResult, QueryRow } from './query.js';
import { buildReport } from './report.js';

/** A store that holds these rows already summed, and gives the measures that it is asked for. */
const storeOf =
  (rows: QueryRow[]) =>
  async (query: Query): Promise<QueryResult> => ({
    rows: rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).filter(([name]) =>
          [...query.measures, ...(query.dimensions ?? [])].includes(name as never),
        ),
      ),
    ),
    truncated: false,
    from: 'calls',
  });

const repriced = {
  source: 'reprice',
  cost: '-0.2265',
  calls: 0,
  adjustments: 35,
  cost_average: '-0.006472',
};

test('adjusting entries alone have a cost and no average per call', async () => {
  const report = await buildReport(storeOf([repriced]), { by: ['source'] });
  expect(report.rows).toMatchObject([{ cost: '-0.2265', calls: 0, cost_average: null }]);
  expect(report.totals).toMatchObject({ adjustments: 35, cost_average: null });
});

test('neither when the number of calls is not asked for, which then stays out of the rows', async () => {
  const report = await buildReport(storeOf([repriced]), {
    by: ['source'],
    measures: ['cost_average'],
  });
  expect(report.query.measures).toEqual(['cost_average', 'cost']);
  expect(report.rows).toEqual([
    { source: 'reprice', cost: '-0.2265', cost_average: null, cost_share: 1 },
  ]);
});

test('calls keep theirs', async () => {
  const called = { ...repriced, source: 'gateway', calls: 2, cost: '3', cost_average: '1.5' };
  const report = await buildReport(storeOf([called]), { by: ['source'] });
  expect(report.rows).toMatchObject([{ cost_average: '1.5', cost_share: 1 }]);
});
