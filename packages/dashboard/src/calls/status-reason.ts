import type { CostStatus } from '@farthing/core';

const reasons: Record<CostStatus, string | undefined> = {
  priced: undefined,
  unknown_model: 'The price book has no price for this model.',
  no_usage: 'The provider answered without usage, so there is nothing to price.',
  invalid_usage: 'The usage contradicts itself, and such numbers are never billed.',
  contract_required: 'This model has no public price; it is sold by contract.',
  not_billed: 'The provider does not bill this call.',
  partial: 'Something in this call has no price: the cost is known to be too low.',
};

/** Why a call has no cost, or not the whole of it; undefined for a priced one. */
export const statusReason = (status: CostStatus): string | undefined => reasons[status];
