import type { BudgetOutlook } from '@farthing/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBudgeted, type Budgeted } from '../support/budgeted.js';

let budgeted: Budgeted;
beforeAll(async () => {
  budgeted = await startBudgeted([
    { name: 'team', scope: { feature: 'chat' }, limit: { calls: 4 }, window: 'month' },
    { name: 'each', scope: { tenant: '*' }, limit: { calls: 2 }, window: 'rolling day' },
  ]);
});
afterAll(() => budgeted.close());

async function outlooks(): Promise<BudgetOutlook[]> {
  const url = `${budgeted.installation.controlUrl}/api/v1/forecast?budgets=true&by=`;
  const { budgets } = (await (await fetch(url)).json()) as { budgets: BudgetOutlook[] };
  return budgets;
}

test('budgets of a running gateway are forecast from the calls that count for them', async () => {
  for (const tenant of ['acme', 'acme', 'globex']) {
    const headers = { 'x-farthing-feature': 'chat', 'x-farthing-tenant': tenant };
    const response = await budgeted.chat({}, headers);
    expect(response.status).toBe(200);
    await response.text();
  }
  // Balances are written down, and calls booked, a moment after they ended.
  await expect
    .poll(async () => (await outlooks()).map(({ budget, spent }) => `${budget} ${spent}`), {
      timeout: 20_000,
    })
    .toEqual(['team 3', 'each 2', 'each 1']);
  await expect
    .poll(async () => (await outlooks()).map(({ outlook }) => outlook), { timeout: 20_000 })
    .toEqual(['runs_out', 'used_up', 'runs_out']);
  const [team, full] = await outlooks();
  // Three calls in some seconds: the fourth comes long before the month is over.
  expect(team).toMatchObject({ measure: 'calls', limit: '4', basis: 'run_rate' });
  expect(team!.summary).toMatch(
    /^team \(feature chat\) is expected to be used up on .* before it resets\.$/,
  );
  expect(full).toMatchObject({ scope: { tenant: 'acme' }, basis: 'nothing' });
});
