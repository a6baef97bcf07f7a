import { emptyTokens, type Usage } from '@farthing/core';

/** The usage of nothing yet. */
export function emptyUsage(): Usage {
  return {
    tokens: emptyTokens(),
    details: {},
    units: {},
    modifiers: {},
    estimated: false,
    raw: null,
    notes: [],
  };
}
