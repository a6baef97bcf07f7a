/** A feature for a reader; null is unattributed. */
export function featureName(feature: string | null | undefined): string {
  return feature ?? '(unattributed)';
}

export { featureFilter, featureFlag } from '../../whatif/command-words.js';
