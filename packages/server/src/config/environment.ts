import { FarthingError } from '@farthing/core';

/** Scalars of the configuration that a FARTHING_* variable overrides. */
const overrides: Record<string, { path: string[]; kind: 'text' | 'number' }> = {
  FARTHING_DATA: { path: ['data'], kind: 'text' },
  FARTHING_GATEWAY_HOST: { path: ['gateway', 'host'], kind: 'text' },
  FARTHING_GATEWAY_PORT: { path: ['gateway', 'port'], kind: 'number' },
  FARTHING_GATEWAY_TOKEN: { path: ['gateway', 'token'], kind: 'text' },
  FARTHING_GATEWAY_ON_CLIENT_ABORT: { path: ['gateway', 'on_client_abort'], kind: 'text' },
  FARTHING_GATEWAY_ON_FULL_DISK: { path: ['gateway', 'on_full_disk'], kind: 'text' },
  FARTHING_CONTROL_HOST: { path: ['control', 'host'], kind: 'text' },
  FARTHING_CONTROL_PORT: { path: ['control', 'port'], kind: 'number' },
  FARTHING_CONTROL_TOKEN: { path: ['control', 'token'], kind: 'text' },
  FARTHING_OTLP_PORT: { path: ['otlp', 'port'], kind: 'number' },
  FARTHING_REDIS_URL: { path: ['redis', 'url'], kind: 'text' },
  FARTHING_PRIVACY_USERS: { path: ['privacy', 'users'], kind: 'text' },
  FARTHING_LOG_LEVEL: { path: ['log', 'level'], kind: 'text' },
};

/** Variables that exist, for the documentation and for `farthing doctor`. */
export const environmentVariables: readonly string[] = Object.keys(overrides);

/** Lays FARTHING_* variables over a configuration value, without changing it. */
export function applyEnvironment(
  value: unknown,
  environment: Record<string, string | undefined>,
): unknown {
  let result = value;
  for (const [name, { path, kind }] of Object.entries(overrides)) {
    const text = environment[name];
    if (text === undefined || text === '') continue;
    if (kind === 'number' && !/^\d+$/.test(text)) {
      throw new FarthingError('config_invalid', `${name} must be a whole number, not "${text}".`);
    }
    result = setIn(result, path, kind === 'number' ? Number(text) : text);
  }
  return result;
}

function setIn(value: unknown, [key, ...rest]: string[], leaf: string | number): unknown {
  if (key === undefined) return leaf;
  const object =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  return { ...object, [key]: setIn(object[key], rest, leaf) };
}
