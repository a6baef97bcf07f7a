import { createHmac } from 'node:crypto';

/**
 * The header by which a receiver tells that a request is ours: `x-farthing-signature: t=<seconds>,v1=<hex>`
 * is the HMAC-SHA-256 of `<seconds>.<body>`. The receiver recomputes it and refuses what is older than a
 * few minutes. None without a secret.
 */
export function signatureHeader(
  secret: string | undefined,
  seconds: number,
  body: string,
): Record<string, string> {
  return secret === undefined
    ? {}
    : { 'x-farthing-signature': `t=${seconds},v1=${sign(secret, seconds, body)}` };
}

export function sign(secret: string, seconds: number, body: string): string {
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
}
