import { didYouMean, FarthingError } from '@farthing/core';
import type { Mapping } from '../mapping.js';
import { aider } from './aider.js';
import { azureTrace } from './azure-trace.js';

const presets: readonly Mapping[] = [aider, azureTrace];

export const presetNames = presets.map(({ name }) => name);

/** Throws `unknown_preset` with the nearest name. */
export function findPreset(name: string): Mapping {
  const preset = presets.find((candidate) => candidate.name === name);
  if (preset !== undefined) return preset;
  throw new FarthingError(
    'unknown_preset',
    `Unknown preset "${name}".${didYouMean(name, presetNames)} Presets: ${presetNames.join(', ')}. For another format, write a mapping and use --map.`,
  );
}
