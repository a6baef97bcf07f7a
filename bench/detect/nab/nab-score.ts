import type { Series } from './corpus.js';

/** What NAB pays for a true detection and takes for a missed and a false one (its config/profiles.json). */
export const profiles = {
  standard: { hit: 1, miss: 1, false: 0.11 },
  reward_low_FP_rate: { hit: 1, miss: 1, false: 0.22 },
  reward_low_FN_rate: { hit: 1, miss: 2, false: 0.11 },
} as const;
export type Profile = keyof typeof profiles;

export interface NabScore {
  /** 0: detects nothing; 100: every anomaly as early as it may be, and nothing else. */
  score: number;
  /** The one threshold for all series that gives the best score. */
  threshold: number;
  /** Windows in which something was detected, of all. */
  detected: number;
  windows: number;
  falsePoints: number;
}

/** The scaled sigmoid: early in a window (−1) pays most, far behind it (above 3) costs a whole false alarm. */
const sigmoid = (position: number): number =>
  position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
const best = sigmoid(-1);

/** Points that are not judged: a detector may learn from them. */
const probation = (length: number): number => Math.min(Math.floor(0.15 * length), 0.15 * 5000);

interface Point {
  anomaly: number;
  /** Number of the window in the corpus; −1: outside of all. */
  window: number;
  worth: number;
}

/** What each judged point of a series is worth, before weights. */
function worthOf({ values, windows }: Series): { window: number; worth: number }[] {
  const points: { window: number; worth: number }[] = [];
  let behind: [number, number] | undefined;
  for (let index = 0; index < values.length; index++) {
    const window = windows.findIndex(([from, to]) => index >= from && index <= to);
    if (window >= 0) {
      const [from, to] = windows[window]!;
      points.push({ window, worth: sigmoid(-(to - index + 1) / (to - from + 1)) / best });
      if (index === to) behind = windows[window];
    } else {
      const worth = behind ? sigmoid((index - behind[1]) / (behind[1] - behind[0])) : -1;
      points.push({ window: -1, worth });
    }
  }
  return points;
}

/**
 * NAB's score of a detector over a corpus: for each threshold, what the first detection in each window pays by
 * how early it is, less missed windows and false points; at the threshold that does best, by the scale on
 * which a detector of nothing has 0 and a perfect one 100 (A. Lavin and S. Ahmad, "Evaluating Real-Time
 * Anomaly Detection Algorithms", 2015).
 *
 * @param scores of each point of each series, in the series' order; the more, the more unusual.
 */
export function nabScore(
  corpus: readonly Series[],
  scores: readonly (readonly number[])[],
  profile: Profile,
): NabScore {
  const weights = profiles[profile];
  const points: Point[] = [];
  let windows = 0;
  const present = new Set<number>();
  for (const [place, series] of corpus.entries()) {
    const own = scores[place]!;
    const from = probation(series.values.length);
    for (const [index, { window, worth }] of worthOf(series).entries()) {
      if (index < from) continue;
      const number = window < 0 ? -1 : windows + window;
      if (number >= 0) present.add(number);
      points.push({
        anomaly: own[index]!,
        window: number,
        worth: worth * (number < 0 ? weights.false : weights.hit),
      });
    }
    windows += series.windows.length;
  }
  points.sort((a, b) => b.anomaly - a.anomaly);
  const nothing = -weights.miss * present.size;
  let total = nothing;
  const paid = new Map<number, number>();
  let falsePoints = 0;
  let found = { total, threshold: Infinity, detected: 0, falsePoints: 0 };
  for (const [index, point] of points.entries()) {
    if (point.window < 0) {
      total += point.worth;
      falsePoints += 1;
    } else {
      const before = paid.get(point.window) ?? -weights.miss;
      if (point.worth > before) {
        total += point.worth - before;
        paid.set(point.window, point.worth);
      }
    }
    // A threshold lets all points of one score through, or none.
    if (points[index + 1]?.anomaly === point.anomaly) continue;
    if (total > found.total) {
      found = { total, threshold: point.anomaly, detected: paid.size, falsePoints };
    }
  }
  return {
    score: (100 * (found.total - nothing)) / (windows * weights.hit - nothing),
    threshold: found.threshold,
    detected: found.detected,
    windows,
    falsePoints: found.falsePoints,
  };
}
