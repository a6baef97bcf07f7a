import { FarthingError } from '@farthing/core';
import type { Config } from './schema.js';

/** Whether a listening address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Why gateway and control plane would not start with these addresses: what can be reached from other
 * machines without a token (`token_missing`), and ports that are given twice (`port_given_twice`).
 */
export function listenerProblems(config: Config): FarthingError[] {
  return [
    gatewayTokenProblem(config.gateway),
    controlTokenProblem(config),
    otlpTokenProblem(config),
    ...portsGivenTwice(config),
  ].filter((problem) => problem !== null);
}

export function gatewayTokenProblem({ host, token }: Config['gateway']): FarthingError | null {
  if (isLoopback(host) || token !== undefined) return null;
  return new FarthingError(
    'token_missing',
    `\`gateway.host: ${host}\` can be reached from other machines, so \`gateway.token\` (or FARTHING_GATEWAY_TOKEN) must be set: at least 16 characters that callers send as x-farthing-token.`,
  );
}

export function controlTokenProblem({ control }: Config): FarthingError | null {
  if (isLoopback(control.host) || control.token !== undefined) return null;
  return new FarthingError(
    'token_missing',
    `\`control.host: ${control.host}\` can be reached from other machines, so \`control.token\` (or FARTHING_CONTROL_TOKEN) must be set: at least 16 characters.`,
  );
}

export function otlpTokenProblem({ otlp, control }: Config): FarthingError | null {
  if (otlp.port === undefined || isLoopback(otlp.host)) return null;
  if (otlp.token !== undefined || control.token !== undefined) return null;
  return new FarthingError(
    'token_missing',
    `\`otlp.host: ${otlp.host}\` can be reached from other machines, so \`otlp.token\` must be set: at least 16 characters. Exporters send it with OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer <token>".`,
  );
}

interface Listener {
  name: string;
  host: string;
  port: number;
}

function portsGivenTwice({ gateway, control, otlp }: Config): FarthingError[] {
  const listeners: Listener[] = [
    { name: 'gateway', host: gateway.host, port: gateway.port },
    { name: 'control', host: control.host, port: control.port },
    ...(otlp.port === undefined ? [] : [{ name: 'otlp', host: otlp.host, port: otlp.port }]),
  ];
  return listeners.flatMap((one, index) =>
    listeners
      .slice(index + 1)
      .filter((other) => other.port === one.port && one.port !== 0 && canMeet(one.host, other.host))
      .map(
        (other) =>
          new FarthingError(
            'port_given_twice',
            `\`${one.name}.port\` and \`${other.name}.port\` are both ${one.port}, on which only one can listen: give one of them another port.`,
          ),
      ),
  );
}

const everywhere = new Set(['0.0.0.0', '::']);

/** Whether two listening addresses have an address in common. */
function canMeet(one: string, other: string): boolean {
  if (one === other || everywhere.has(one) || everywhere.has(other)) return true;
  const [name, address] = one === 'localhost' ? [one, other] : [other, one];
  return name === 'localhost' && (address === '127.0.0.1' || address === '::1');
}
