import { didYouMean, FarthingError } from '@farthing/core';
import type { Preset } from '../mapping.js';
import { aider } from './aider.js';
import { azureTrace } from './azure-trace.js';
import { helicone } from './helicone.js';
import { langfuse } from './langfuse.js';
import { litellm } from './litellm.js';

const presets: readonly Preset[] = [aider, azureTrace, helicone, langfuse, litellm];

export const presetNames = presets.map(({ name }) => name);

export function presetNamed(name: string): Preset | undefined {
  return presets.find((candidate) => candidate.name === name);
}

/** Throws `unknown_preset` with the nearest name. */
export function findPreset(name: string): Preset {
  const preset = presetNamed(name);
  if (preset !== undefined) return preset;
  throw new FarthingError(
    'unknown_preset',
    `Unknown preset "${name}".${didYouMean(name, presetNames)} Presets: ${presetNames.join(', ')}. For another format, write a mapping and use --map.`,
  );
}
