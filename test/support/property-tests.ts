import fc from 'fast-check';

/**
 * Property tests draw the same cases each time, so that what fails in CI is what the change did.
 * `FARTHING_PROPERTY_SEED=random` draws others, as does a number; a failure names its seed.
 * `FARTHING_PROPERTY_RUNS` is how many cases are drawn where a test does not say. Default: 100.
 */
const { FARTHING_PROPERTY_SEED: seed = '20261101', FARTHING_PROPERTY_RUNS: runs = '100' } =
  process.env;

fc.configureGlobal({
  numRuns: Number(runs),
  ...(seed === 'random' ? {} : { seed: Number(seed) }),
});
