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
 * Fills in `${NAME}` from the environment, so that no secret need stand in farthing.yaml. As a part of
 * the user or password of a URL it is percent-encoded: a password is given as it is. Throws
 * `config_invalid`, naming the field and never the value.
 */
export function readSecrets(
  config: OutletConfig,
  environment: Record<string, string | undefined>,
): OutletConfig {
  const fill = (value: unknown, field: string): unknown => {
    if (typeof value === 'string') {
      return value.replaceAll(placeholder, (whole, name: string, at: number) => {
        const found = environment[name];
        if (found === undefined || found === '') {
          throw invalid(
            config,
            `takes \`${field}\` from the environment variable ${name}, which is not set.`,
          );
        }
        return field === 'url' && isCredential(value, at, whole.length)
          ? encodeURIComponent(found)
          : found;
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
  if ('url' in filled) checkUrl(filled, filled.url);
  return 'headers' in filled && filled.headers !== undefined
    ? { ...filled, headers: checkHeaders(filled, filled.headers) }
    : filled;
}

const placeholder = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Between `://` and the `@` before the host. */
function isCredential(url: string, at: number, length: number): boolean {
  return /:\/\/[^/?#@]*$/.test(url.slice(0, at)) && /^[^/?#]*@/.test(url.slice(at + length));
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
    if (isHttp && (parts.username !== '' || parts.password !== '')) {
      throw invalid(
        config,
        "has a user or password in its `url`, which HTTP clients refuse to send. Use `headers`: { authorization: 'Basic ${CREDENTIALS}' }.",
      );
    }
  }
}

function checkHeaders(
  config: OutletConfig,
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const trimmed = value.trim();
      try {
        new Headers().set(name, trimmed);
      } catch {
        throw invalid(
          config,
          `has the header \`headers.${name}\`, which cannot be sent: a name has letters, digits and -, a value one line of Latin characters.`,
        );
      }
      return [name, trimmed];
    }),
  );
}

function invalid({ name }: OutletConfig, message: string): FarthingError {
  return new FarthingError('config_invalid', `The outlet "${name}" ${message}`);
}

const examples: Record<OutletConfig['type'], string> = {
  jsonl: '',
  webhook: 'https://example.com/hook',
  otlp: 'http://localhost:4318',
  postgres: 'postgres://user:password@host/database',
  nats: 'nats://localhost:4222',
};
