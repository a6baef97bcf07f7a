import { levels } from './cost-bench.js';
import { Draw } from './draw.js';

// npx tsx bench/detect/creep-bound.ts: how soon creep could be found at all.
//
// Simulates the detector that nobody has: it knows how fast input grows, how far sizes spread and how far days
// differ, and lacks only when it begins (M. Pollak, "Optimal detection of a change in distribution", 1985: the sum
// of the likelihood ratios of all beginnings). It looks at one quantity alone and raises one false alarm in 120 days.

/** Two hours, in which calls are evenly spread: no rhythm makes it harder. */
const perDay = 12;
const averageRunDays = 120;
/** In the middle of those of CostBench's streams. */
const spread = 0.7;
const drift = 0.05;
/** Growth of the logarithm by the block: doubles in five days. */
const slope = Math.LN2 / (5 * perDay);
/** Beginnings longer ago than this are not looked for. */
const mostBlocks = 8 * perDay;
const replications = 120;

/** The logarithm of the sum after each block of a stream; `from`: the block in which growth begins. */
function sums(draw: Draw, perBlock: number, days: number, from = Infinity): number[] {
  const noise = spread ** 2 / perBlock;
  /** Of each beginning, the latest first: its log likelihood ratio, and what today has shown of its growth. */
  let ratios: number[] = [];
  let shown: number[] = [];
  const found: number[] = [];
  let ownDay = 0;
  let today = 0;
  let unsure = 0;
  for (let block = 0; block < days * perDay; block++) {
    if (block % perDay === 0) {
      ownDay = draw.normal(0, drift);
      today = 0;
      unsure = drift ** 2;
      shown = shown.map(() => 0);
    }
    const grown = slope * Math.max(0, block + 0.5 - from);
    const size = ownDay + grown + draw.normal(0, Math.sqrt(noise));
    // What today's hours before say of today is taken off both, what came and what growth would have added.
    const surprise = size - today;
    const variance = unsure + noise;
    const gain = unsure / variance;
    ratios = [0, ...ratios].slice(0, mostBlocks);
    shown = [0, ...shown].slice(0, mostBlocks);
    for (let age = 0; age < ratios.length; age++) {
      const expected = slope * (age + 0.5) - shown[age]!;
      ratios[age]! += (surprise * expected - expected ** 2 / 2) / variance;
      shown[age]! += gain * expected;
    }
    today += gain * surprise;
    unsure *= 1 - gain;
    const most = Math.max(...ratios);
    found.push(most + Math.log(ratios.reduce((sum, ratio) => sum + Math.exp(ratio - most), 0)));
  }
  return found;
}

const median = (values: number[], p = 0.5): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * p)]!;

for (const [level, perHour] of Object.entries(levels)) {
  const draw = new Draw(1);
  const perBlock = (perHour * 24) / perDay;
  const times = Array.from({ length: replications });
  // Times between alarms are exponential: of so many days, a share of 1/e has none.
  const settled = 10 * perDay;
  const quiet = times.map(() =>
    Math.max(...sums(draw, perBlock, 10 + averageRunDays).slice(settled)),
  );
  const height = median(quiet, Math.exp(-1));
  const hours = times.map(() => {
    const from = settled + draw.uniform(0, perDay);
    const stream = sums(draw, perBlock, 20, from);
    const first = stream.findIndex((sum, block) => block + 1 > from && sum > height);
    return ((first + 1 - from) * 24) / perDay;
  });
  console.log(
    `${level}: found after ${median(hours).toFixed(0)} h (median of ${replications} streams)`,
  );
}
