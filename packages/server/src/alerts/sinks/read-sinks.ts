import { isIPv4 } from 'node:net';
import {
  fillSecrets,
  mistake,
  refuseCredentials,
  refuseShortSecret,
  sendableHeaders,
  type AlertSinkConfig,
} from '../../config/index.js';

/**
 * The sinks of the configuration with what they take from the environment (`${NAME}`), their addresses and
 * headers checked. Throws `config_invalid`, naming the sink and the field, and never a value.
 */
export function readAlertSinks(
  configs: readonly AlertSinkConfig[],
  environment: Record<string, string | undefined>,
): AlertSinkConfig[] {
  return configs.map((config) => {
    const subject = `The sink "${config.name}"`;
    const filled = fillSecrets(config, subject, environment);
    if ('url' in filled) checkUrl(subject, filled.type, filled.url);
    if (filled.type === 'email') checkEmail(subject, filled);
    if ('secret' in filled && filled.secret !== undefined) {
      refuseShortSecret(subject, filled.secret);
    }
    return 'headers' in filled && filled.headers !== undefined
      ? { ...filled, headers: sendableHeaders(subject, filled.headers) }
      : filled;
  });
}

const examples = {
  slack: 'https://hooks.slack.com/services/…',
  webhook: 'https://example.com/hook',
  alertmanager: 'http://localhost:9093',
  pagerduty: 'https://events.pagerduty.com/v2/enqueue',
};

function checkUrl(subject: string, type: keyof typeof examples, url: string): void {
  if (!/^https?:\/\/./.test(url) || !URL.canParse(url)) {
    throw mistake(subject, `has a \`url\` that is none: ${examples[type]}`);
  }
  refuseCredentials(subject, new URL(url));
}

function checkEmail(subject: string, config: Extract<AlertSinkConfig, { type: 'email' }>): void {
  const { from, to, user, password, security, host } = config;
  for (const [field, address] of [
    ['from', from],
    ...to.map((one, index) => [`to.${index}`, one]),
  ]) {
    // An address is not taken apart further: servers know what they take.
    if (/\p{Cc}/u.test(address!) || !/[^\s@<>]@[A-Za-z0-9.-]+>?$/.test(address!)) {
      throw mistake(subject, `has an address in \`${field!}\` that is none, like ops@example.com.`);
    }
  }
  if ((user === undefined) !== (password === undefined)) {
    const missing = user === undefined ? 'user' : 'password';
    throw mistake(subject, `needs \`${missing}\` too: a server asks for both or none.`);
  }
  if (user !== undefined && security === 'none' && !isLoopback(host)) {
    throw mistake(
      subject,
      'would send its password for everybody on the way to read. Set `security` to `starttls` or `tls`.',
    );
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
