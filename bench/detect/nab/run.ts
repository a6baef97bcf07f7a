import { existsSync } from 'node:fs';
import {
  hasNab,
  readPublished,
  readScores,
  readSeries,
  seriesNames,
  type Series,
} from './corpus.js';
import { nabScore, profiles, type Profile } from './nab-score.js';
import { ourScores } from './our-scores.js';

// npm run bench:detect -- nab [results]: `results` is that folder of a checkout of numenta/NAB, with what other
// detectors said of each point; with it, their published scores are calculated anew to prove the scorer.
const profileNames = Object.keys(profiles) as Profile[];

export function runNab(results: string | undefined): void {
  if (!hasNab) {
    console.log('NAB is left out: the data set is not in ../shared/data.');
    return;
  }
  const corpus = seriesNames().map(readSeries);
  const points = corpus.reduce((sum, { values }) => sum + values.length, 0);
  const begun = performance.now();
  const ours = corpus.map(ourScores);
  const spent = performance.now() - begun;
  console.log(
    `\n### ${corpus.length} series, ${points} points, ${((spent / points) * 1e3).toFixed(1)} µs each\n`,
  );
  const rows: [string, Record<Profile, number>, string][] = [
    ['Farthing', scoresOf(corpus, ours), 'this run'],
  ];
  for (const [name, published] of Object.entries(readPublished())) {
    rows.push([name, published, again(corpus, results, name)]);
  }
  rows.sort(([, a], [, b]) => b.standard - a.standard);
  const header = ['detector', ...profileNames, 'calculated anew'];
  const lines = [header, header.map((_, place) => (place === 0 ? '---' : '---:'))];
  for (const [name, scores, anew] of rows) {
    lines.push([name, ...profileNames.map((profile) => scores[profile].toFixed(1)), anew]);
  }
  console.log(lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n'));
  const { detected, windows, falsePoints, threshold } = nabScore(corpus, ours, 'standard');
  console.log(
    `\nFarthing, standard: ${detected} of ${windows} windows, ${falsePoints} false points, threshold ${threshold.toFixed(2)} for all.`,
  );
  for (const [half, rest] of [
    ['even', 0],
    ['odd', 1],
  ] as const) {
    const chosen = corpus.map((_, place) => place).filter((place) => place % 2 === rest);
    const { score } = nabScore(
      chosen.map((place) => corpus[place]!),
      chosen.map((place) => ours[place]!),
      'standard',
    );
    console.log(`The ${half} half of the series alone, standard: ${score.toFixed(1)}.`);
  }
}

function scoresOf(corpus: readonly Series[], scores: readonly number[][]): Record<Profile, number> {
  const of = (profile: Profile) => nabScore(corpus, scores, profile).score;
  return {
    standard: of('standard'),
    reward_low_FP_rate: of('reward_low_FP_rate'),
    reward_low_FN_rate: of('reward_low_FN_rate'),
  };
}

/** A published detector's scores by this scorer, from what it said of each point. */
function again(corpus: readonly Series[], results: string | undefined, name: string): string {
  if (results === undefined || !existsSync(`${results}/${name}`)) return '–';
  const scores = corpus.map((series) => readScores(results, name, series.name));
  const anew = scoresOf(corpus, scores);
  return profileNames.map((profile) => anew[profile].toFixed(1)).join(' · ');
}
