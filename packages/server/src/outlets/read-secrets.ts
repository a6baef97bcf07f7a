import { FarthingError } from '@farthing/core';
import type { OutletConfig } from '../config/index.js';

/** How URLs of each type begin. */
const protocols: Record<OutletConfig['type'], RegExp> = {
  jsonl: /^/,
  webhook: /^https?:\/\/./,
  otlp: /^https?:\/\/./,
  postgres: /^postgres(ql)?:\/\/./,
  nats: /^(nats|tls):\/\/./,
};

/**
 * Fills in `${NAME}` from the environment, so that no secret need stand in farthing.yaml. Throws
 * `config_invalid`, naming the field and never the value.
 */
export function readSecrets(
  config: OutletConfig,
  environment: Record<string, string | undefined>,
): OutletConfig {
  const fill = (value: unknown, field: string): unknown => {
    if (typeof value === 'string') {
      return value.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
        const found = environment[name];
        if (found !== undefined && found !== '') return found;
        throw new FarthingError(
          'config_invalid',
          `The outlet "${config.name}" takes \`${field}\` from the environment variable ${name}, which is not set.`,
        );
      });
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [name, fill(part, `${field}.${name}`)]),
    );
  };
  const filled = Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, fill(value, name)]),
  ) as OutletConfig;
  if ('url' in filled && !protocols[filled.type].test(filled.url)) {
    throw new FarthingError(
      'config_invalid',
      `\`url\` of the outlet "${config.name}" does not begin as that of a ${config.type} outlet must: ${examples[filled.type]}`,
    );
  }
  return filled;
}

const examples: Record<OutletConfig['type'], string> = {
  jsonl: '',
  webhook: 'https://example.com/hook',
  otlp: 'http://localhost:4318',
  postgres: 'postgres://user:password@host/database',
  nats: 'nats://localhost:4222',
};
