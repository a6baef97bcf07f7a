// One for all copies of this package in a process: a sink may be of one and the meter of another.
const key = Symbol.for('farthing.sdk.unsettled.1');
const shared = globalThis as { [key]?: Set<() => void> };
const waiting = (shared[key] ??= new Set());

/** Calls have ended that are not booked yet: `settle` books them. */
export function unsettled(settle: () => void): void {
  waiting.add(settle);
}

export function settled(settle: () => void): void {
  waiting.delete(settle);
}

/** Books every call of this process that has ended: for whoever looks at what was booked. */
export function settleAll(): void {
  for (const settle of waiting) settle();
}
