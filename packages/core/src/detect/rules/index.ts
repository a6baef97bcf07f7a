export { spreadOf } from './deviation.js';
export {
  isAheadOfBudget,
  isHourAheadOfBudget,
  isOverCap,
  usualProRata,
  type ProRataTerms,
} from './budget-rules.js';
export {
  isBeyondMovingAverage,
  isHourBeyondAverage,
  isOverMedian,
  tokenMetrics,
} from './spread-rules.js';
export { usualZScore, zScore, type ZScore, type ZScoreTerms } from './z-score-rule.js';
