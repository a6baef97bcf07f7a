import { describe, expect, it } from 'vitest';
import { hasNab, readSeries } from '../../../../../bench/detect/nab/corpus.js';
import { nabScore } from '../../../../../bench/detect/nab/nab-score.js';
import { ourScores } from '../../../../../bench/detect/nab/our-scores.js';

/** Two of each folder that has anomalies. */
const chosen = [
  'artificialWithAnomaly/art_daily_flatmiddle.csv',
  'artificialWithAnomaly/art_daily_jumpsup.csv',
  'realAWSCloudwatch/ec2_cpu_utilization_825cc2.csv',
  'realAWSCloudwatch/rds_cpu_utilization_cc0c53.csv',
  'realAdExchange/exchange-2_cpm_results.csv',
  'realAdExchange/exchange-4_cpc_results.csv',
  'realKnownCause/ambient_temperature_system_failure.csv',
  'realKnownCause/rogue_agent_key_hold.csv',
  'realTraffic/occupancy_6005.csv',
  'realTraffic/TravelTime_387.csv',
];

describe.skipIf(!hasNab)('series of NAB (skipped where ../shared/data/nab is not there)', () => {
  it('are judged as well as recorded; `npm run bench:detect -- nab` judges all 58', () => {
    const corpus = chosen.map(readSeries);
    const found = nabScore(corpus, corpus.map(ourScores), 'standard');
    expect(found.score).toBeGreaterThan(68.5);
    expect(found).toMatchObject({ detected: 17, windows: 18 });
  });

  it('give 0 to a detector of nothing and 100 to one that tells each window at its start', () => {
    const corpus = chosen.map(readSeries);
    const nothing = corpus.map(({ values }) => values.map(() => 0.5));
    expect(nabScore(corpus, nothing, 'standard').score).toBe(0);
    const perfect = corpus.map(({ values, windows }) =>
      values.map((_, index) => (windows.some(([from]) => from === index) ? 1 : 0)),
    );
    // A window that begins while detectors still learn is not told at its start.
    expect(nabScore(corpus, perfect, 'standard').score).toBeGreaterThan(95);
    expect(nabScore(corpus, perfect, 'standard').falsePoints).toBe(0);
  });
});
