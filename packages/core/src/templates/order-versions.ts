import type { QuantityChange } from './compare-quantity.js';
import type { TemplateQuantity } from './quantities.js';
import type { TemplateRow } from './templates-report.js';

export const templateOrders = ['cost', 'input', 'output', 'ratio', 'cache', 'errors'] as const;
export type TemplateOrder = (typeof templateOrders)[number];

const quantityOf: Readonly<Record<Exclude<TemplateOrder, 'cost'>, TemplateQuantity>> = {
  input: 'input_tokens_per_call',
  output: 'output_tokens_per_call',
  ratio: 'output_input_ratio',
  cache: 'cache_hit_ratio',
  errors: 'error_rate',
};

/**
 * Changes in the window before versions that were there already, what is beyond noise before what is not, and the
 * worst first: by what the change cost, or by how many times more a call takes (of cache hits: how many
 * times fewer).
 */
export function orderVersions(rows: readonly TemplateRow[], order: TemplateOrder): TemplateRow[] {
  return rows.toSorted(
    (a, b) =>
      Number(b.is_change) - Number(a.is_change) ||
      Number(isSure(b, order)) - Number(isSure(a, order)) ||
      badness(b, order) - badness(a, order) ||
      b.calls - a.calls,
  );
}

export function leadingChange(
  row: Pick<TemplateRow, 'quantities'>,
  order: TemplateOrder,
): QuantityChange {
  return row.quantities[order === 'cost' ? 'cost_per_call' : quantityOf[order]];
}

function isSure(row: TemplateRow, order: TemplateOrder): boolean {
  const { verdict } = leadingChange(row, order);
  return verdict === 'more' || verdict === 'less';
}

function badness(row: TemplateRow, order: TemplateOrder): number {
  if (order === 'cost') return Number(row.extra_usd ?? Number.NEGATIVE_INFINITY);
  const { ratio } = leadingChange(row, order);
  if (ratio === null) return Number.NEGATIVE_INFINITY;
  return order === 'cache' ? -ratio : ratio;
}
