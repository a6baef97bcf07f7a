/** A quantity of one span of time. */
export interface Point {
  /** The beginning of the span, ISO 8601. */
  at: string;
  value: number;
  /** How much the span counts: its calls. */
  weight: number;
}

/** When a quantity moved from one level to another. */
export interface Change {
  /** The beginning of the first span at the new level. */
  from: string;
  /** The beginning of the last span at the new level; null where it lasts until the end. */
  last: string | null;
  before: number;
  after: number;
}

/** Fewer spans tell no date. */
const leastPoints = 6;
/** The levels differ by so many standard errors at least: the best of all dates differs by three by chance. */
const leastErrors = 4.5;
/** So many times the weight of the median span is the most that one counts. */
const mostWeight = 4;
/** With fewer spans, one in fifty is none. */
const leastForQuantiles = 50;

/**
 * The stretch of spans whose level differs most from that of the rest: the maximum-likelihood estimate of a
 * change of the mean that lasts until the end, or for a while (Levin and Kline 1985). Null where no stretch
 * stands out from the noise. A change that is over must explain clearly more than one that lasts.
 *
 * @param direction 1 for a rise, −1 for a fall.
 * @param options `isBounded`: no value can lie far off, as shares cannot; other outliers are drawn in.
 */
export function findChange(
  points: readonly Point[],
  direction: 1 | -1,
  { isBounded = false }: { isBounded?: boolean } = {},
): Change | null {
  const series = robust(
    points.filter(({ weight }) => weight > 0),
    isBounded,
  );
  const count = series.length;
  if (count < leastPoints) return null;
  const weights = [0];
  const sums = [0];
  for (const [index, { value, weight }] of series.entries()) {
    weights.push(weights[index]! + weight);
    sums.push(sums[index]! + weight * value);
  }
  const total = weights[count]!;
  const all = sums[count]!;
  let lasting: Stretch | null = null;
  let passing: Stretch | null = null;
  for (let first = 1; first < count; first++) {
    const earlier = sums[first]! / weights[first]!;
    for (let end = first + 1; end <= count; end++) {
      const inside = weights[end]! - weights[first]!;
      const outside = total - inside;
      const after = (sums[end]! - sums[first]!) / inside;
      const before = (all - after * inside) / outside;
      const step = (after - before) * direction;
      // A level that was left and is back must stand out from what was right before, too.
      if (step <= 0 || (after - earlier) * direction < step / 2) continue;
      const gain = ((inside * outside) / total) * step ** 2;
      const best = end === count ? lasting : passing;
      if (best !== null && gain <= best.gain) continue;
      const found = { first, end, before, after, gain, inside };
      if (end === count) lasting = found;
      else passing = found;
    }
  }
  const chosen = choose(lasting, passing, series, all / total);
  if (chosen === null || !standsOut(chosen, series, total)) return null;
  return {
    from: series[chosen.first]!.at,
    last: chosen.end < series.length ? series[chosen.end - 1]!.at : null,
    before: chosen.before,
    after: chosen.after,
  };
}

interface Stretch {
  first: number;
  /** Excluded. */
  end: number;
  before: number;
  after: number;
  /** By how much it lowers the weighted sum of squares. */
  gain: number;
  inside: number;
}

/** A second date must take away a tenth of what the first one leaves unexplained, at least a third more than it. */
function choose(
  lasting: Stretch | null,
  passing: Stretch | null,
  series: readonly Point[],
  mean: number,
): Stretch | null {
  if (lasting === null || passing === null) return lasting ?? passing;
  const squares = series.reduce((sum, { value, weight }) => sum + weight * (value - mean) ** 2, 0);
  const rest = squares - lasting.gain;
  const isClear = passing.gain > lasting.gain * 1.3 && passing.gain - lasting.gain > rest / 10;
  return isClear ? passing : lasting;
}

function standsOut(stretch: Stretch, series: readonly Point[], total: number): boolean {
  let squares = 0;
  for (const [index, { value, weight }] of series.entries()) {
    const isInside = index >= stretch.first && index < stretch.end;
    squares += weight * (value - (isInside ? stretch.after : stretch.before)) ** 2;
  }
  // Spans are the observations, not calls: those of one span resemble each other.
  const perSpan = total / series.length;
  const variance = squares / perSpan / Math.max(1, series.length - 3);
  const inside = stretch.inside / perSpan;
  const outside = (total - stretch.inside) / perSpan;
  const error = Math.sqrt(variance * (1 / inside + 1 / outside));
  return Math.abs(stretch.after - stretch.before) > leastErrors * error;
}

/** No single span decides: neither by its calls nor by a value far off from all others. */
function robust(points: readonly Point[], isBounded: boolean): Point[] {
  const most = mostWeight * median(points.map(({ weight }) => weight));
  const isShort = points.length < leastForQuantiles;
  const low = isBounded || isShort ? -Infinity : quantile(points, 0.02);
  const high = isBounded || isShort ? Infinity : quantile(points, 0.98);
  return points.map(({ at, value, weight }) => ({
    at,
    value: Math.min(Math.max(value, low), high),
    weight: Math.min(weight, most),
  }));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function quantile(points: readonly Point[], share: number): number {
  const sorted = points.map(({ value }) => value).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
