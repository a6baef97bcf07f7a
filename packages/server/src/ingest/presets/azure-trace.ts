import type { Mapping } from '../mapping.js';

/**
 * The Azure LLM inference traces of 2023 and 2024: time and token counts only. Name the model with
 * `--model` (and `--provider`) to price them; without it their cost is unknown, and said to be.
 * https://github.com/Azure/AzurePublicDataset
 */
export const azureTrace: Mapping = {
  name: 'azure-trace',
  format: 'csv',
  started_at: { path: 'TIMESTAMP', unit: 'iso' },
  provider: { constant: 'azure' },
  api: { constant: 'chat.completions' },
  tokens: { input: 'ContextTokens', output: 'GeneratedTokens', input_includes_cache: true },
};
