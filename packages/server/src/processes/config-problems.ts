import { FarthingError } from '@farthing/core';
import { readAlertSinks } from '../alerts/index.js';
import { listenerProblems, type Config } from '../config/index.js';
import { readOutlets } from '../outlets/index.js';

/**
 * Why "farthing up" would refuse a configuration that can be read: its addresses and ports, and what its
 * outlets and sinks take from the environment. In the sentences in which it is refused.
 */
export function configProblems(
  config: Config,
  environment: Record<string, string | undefined>,
): FarthingError[] {
  // One by one, so that each of them is told; then together.
  const outlets = config.outlets.flatMap((one) => problemOf(() => readOutlets([one], environment)));
  return [
    ...listenerProblems(config),
    ...(outlets.length > 0 ? outlets : problemOf(() => readOutlets(config.outlets, environment))),
    ...config.alerts.sinks.flatMap((sink) => problemOf(() => readAlertSinks([sink], environment))),
  ];
}

function problemOf(read: () => unknown): FarthingError[] {
  try {
    read();
    return [];
  } catch (error) {
    if (FarthingError.isInstance(error)) return [error];
    throw error;
  }
}
