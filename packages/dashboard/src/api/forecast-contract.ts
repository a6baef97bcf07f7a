import type { BudgetOutlook } from '@farthing/core';
import { get } from './http.js';

/** Where budgets are going, from `GET /api/v1/forecast`: the forecast is made in core, and shown here. */
export async function fetchOutlooks(signal: AbortSignal): Promise<BudgetOutlook[]> {
  // Of the month itself nothing is wanted: not taken apart, it is the least work.
  const path = '/api/v1/forecast?budgets=true&by=';
  const { budgets } = await get<{ budgets: BudgetOutlook[] | null }>(path, signal);
  return budgets ?? [];
}
