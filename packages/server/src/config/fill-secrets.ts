import { FarthingError } from '@farthing/core';

/** Who tells of a mistake, e.g. `The outlet "finance"`. */
export type ConfigSubject = string;

/**
 * Fills in `${NAME}` from the environment in every text of a part of the configuration, so that no secret
 * need stand in farthing.yaml. As a part of the user or password of a `url` it is percent-encoded: a
 * password is given as it is. Throws `config_invalid`, naming the field and never the value.
 */
export function fillSecrets<Part extends object>(
  part: Part,
  subject: ConfigSubject,
  environment: Record<string, string | undefined>,
): Part {
  const fill = (value: unknown, field: string): unknown => {
    if (typeof value === 'string') {
      return value.replaceAll(placeholder, (whole, name: string, at: number) => {
        const found = environment[name];
        if (found === undefined || found === '') {
          throw mistake(
            subject,
            `takes \`${field}\` from the environment variable ${name}, which is not set.`,
          );
        }
        return field === 'url' && isCredential(value, at, whole.length)
          ? encodeURIComponent(found)
          : found;
      });
    }
    if (Array.isArray(value)) return value.map((one, index) => fill(one, `${field}.${index}`));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, fill(one, `${field}.${name}`)]),
    );
  };
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => [name, fill(value, name)]),
  ) as Part;
}

const placeholder = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Between `://` and the `@` before the host. */
function isCredential(url: string, at: number, length: number): boolean {
  return /:\/\/[^/?#@]*$/.test(url.slice(0, at)) && /^[^/?#]*@/.test(url.slice(at + length));
}

/** Headers as they can be sent: trimmed. Throws `config_invalid`, naming the header and never its value. */
export function sendableHeaders(
  subject: ConfigSubject,
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const trimmed = value.trim();
      try {
        new Headers().set(name, trimmed);
      } catch {
        throw mistake(
          subject,
          `has the header \`headers.${name}\`, which cannot be sent: a name has letters, digits and -, a value one line of Latin characters.`,
        );
      }
      return [name, trimmed];
    }),
  );
}

/** A secret that signs must not be guessed. Known only when the environment is. Throws `config_invalid`. */
export function refuseShortSecret(subject: ConfigSubject, secret: string): void {
  if (secret.length >= 16) return;
  throw mistake(subject, 'has a `secret` of less than 16 characters.');
}

/** HTTP clients refuse to send what stands before an `@`. Throws `config_invalid`. */
export function refuseCredentials(subject: ConfigSubject, url: URL): void {
  if (url.username === '' && url.password === '') return;
  throw mistake(
    subject,
    "has a user or password in its `url`, which HTTP clients refuse to send. Use `headers`: { authorization: 'Basic ${CREDENTIALS}' }.",
  );
}

export function mistake(subject: ConfigSubject, message: string): FarthingError {
  return new FarthingError('config_invalid', `${subject} ${message}`);
}
