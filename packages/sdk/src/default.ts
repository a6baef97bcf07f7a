import { Farthing, type FarthingOptions } from './farthing.js';

// One for all copies of this package in a process: what is configured once holds for all of them.
const key = Symbol.for('farthing.sdk.default.1');
const shared = globalThis as { [key]?: Farthing };

/**
 * The meter that the functions of this package share; made at its first use.
 * @internal
 */
export function defaultFarthing(): Farthing {
  return (shared[key] ??= new Farthing());
}

/**
 * Says where entries go and what holds for every call. Call it once, before the first call to a model;
 * clients that were metered earlier follow. Returns the meter, whose `flush` and `close` end it.
 */
export function configure(options: FarthingOptions): Farthing {
  return (shared[key] = new Farthing(options));
}
