import { FarthingError } from '@farthing/core';

/** The providers whose reports can be fetched, and the key that each one's administration needs. */
export const adminKeys = {
  openai: {
    variable: 'OPENAI_ADMIN_KEY',
    shape: 'sk-admin-…',
    where: 'https://platform.openai.com/settings/organization/admin-keys',
  },
  anthropic: {
    variable: 'ANTHROPIC_ADMIN_KEY',
    shape: 'sk-ant-admin…',
    where: 'https://console.anthropic.com/settings/admin-keys',
  },
} as const;
export type FetchedProvider = keyof typeof adminKeys;

export const fetchedProviders = Object.keys(adminKeys);

export function isFetched(provider: string): provider is FetchedProvider {
  return Object.hasOwn(adminKeys, provider);
}

/**
 * The admin key, from the environment alone: it is never stored, logged or sent anywhere but to the
 * provider. Throws `admin_key_missing`.
 */
export function adminKeyOf(
  provider: FetchedProvider,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const { variable, shape, where } = adminKeys[provider];
  const key = environment[variable];
  if (key !== undefined && key.trim() !== '') return key.trim();
  throw new FarthingError(
    'admin_key_missing',
    `${variable} is not set. The usage and cost reports of ${provider} need an admin key (${shape}), which an owner of the organization creates at ${where}. Or save the reports to files and give them with --usage and --costs.`,
  );
}

export function refusedKey(provider: FetchedProvider, status: number): FarthingError {
  const { variable, shape, where } = adminKeys[provider];
  return new FarthingError(
    'admin_key_refused',
    `${provider} answered ${status} to the key in ${variable}. Its reports need an admin key (${shape}), not an ordinary API key; an owner of the organization creates one at ${where}.`,
  );
}
