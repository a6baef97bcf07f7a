import type { FarthingError } from '@farthing/core';
import {
  fillSecrets,
  mistake,
  refuseCredentials,
  refuseShortSecret,
  sendableHeaders,
  type OutletConfig,
} from '../config/index.js';

/** How URLs of each type begin. */
const protocols: Record<OutletConfig['type'], RegExp> = {
  jsonl: /^/,
  webhook: /^https?:\/\/./,
  otlp: /^https?:\/\/./,
  postgres: /^postgres(ql)?:\/\/./,
  nats: /^(nats|tls):\/\/./,
};

/**
 * An outlet with what it takes from the environment (`${NAME}`), its URL and headers checked. Throws
 * `config_invalid`, naming the field and never the value.
 */
export function readSecrets(
  config: OutletConfig,
  environment: Record<string, string | undefined>,
): OutletConfig {
  const filled = fillSecrets(config, subjectOf(config), environment);
  if ('url' in filled) checkUrl(filled, filled.url);
  if ('secret' in filled && filled.secret !== undefined) {
    refuseShortSecret(subjectOf(filled), filled.secret);
  }
  return 'headers' in filled && filled.headers !== undefined
    ? { ...filled, headers: sendableHeaders(subjectOf(filled), filled.headers) }
    : filled;
}

function checkUrl(config: OutletConfig, text: string): void {
  for (const one of config.type === 'nats' ? text.split(',') : [text]) {
    const url = one.trim();
    if (!protocols[config.type].test(url)) {
      throw invalid(
        config,
        `has a \`url\` that does not begin as that of a ${config.type} outlet must: ${examples[config.type]}`,
      );
    }
    // An `@` behind the host belongs to a password with a character that ends the host before.
    const parts = URL.canParse(url) ? new URL(url) : null;
    const isHttp = config.type === 'webhook' || config.type === 'otlp';
    if (parts === null || (!isHttp && /[/?#].*@/.test(url.replace(/^[a-z]+:\/\//, '')))) {
      throw invalid(
        config,
        `has a \`url\` that is none. Percent-encode the characters @ : / ? # % of a user or password, or take them from the environment (\${NAME}), which does that by itself: ${examples[config.type]}`,
      );
    }
    if (isHttp) refuseCredentials(subjectOf(config), parts);
  }
}

function invalid(config: OutletConfig, message: string): FarthingError {
  return mistake(subjectOf(config), message);
}

function subjectOf({ name }: OutletConfig): string {
  return `The outlet "${name}"`;
}

const examples: Record<OutletConfig['type'], string> = {
  jsonl: '',
  webhook: 'https://example.com/hook',
  otlp: 'http://localhost:4318',
  postgres: 'postgres://user:password@host/database',
  nats: 'nats://localhost:4222',
};
