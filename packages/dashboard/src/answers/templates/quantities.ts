import type { TemplateOrder, TemplateQuantity } from '@farthing/core';

/** The dashboard takes only types from core, so these lists stand here; the types keep them complete. */
const quantities: Record<TemplateQuantity, true> = {
  cost_per_call: true,
  input_tokens_per_call: true,
  output_tokens_per_call: true,
  output_input_ratio: true,
  cache_hit_ratio: true,
  error_rate: true,
};
export const templateQuantities = Object.keys(quantities) as TemplateQuantity[];

export const orderNames: Readonly<Record<TemplateOrder, string>> = {
  cost: 'worst cost first',
  input: 'most input added first',
  output: 'most output added first',
  ratio: 'most output for its input first',
  cache: 'most cache lost first',
  errors: 'most errors added first',
};
export const templateOrders = Object.keys(orderNames) as [TemplateOrder, ...TemplateOrder[]];
