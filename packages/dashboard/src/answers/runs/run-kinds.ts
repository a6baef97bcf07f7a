import type { RunKind } from '@farthing/core';

/** `any`: whichever has the id, a run before a session before a trace. */
export const runKinds = ['any', 'run', 'session', 'trace'] as const satisfies readonly (
  | RunKind
  | 'any'
)[];
