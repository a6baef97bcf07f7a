import { chartNumber, formatUsd } from '../money/usd.js';

export interface UsdSpan {
  low: string;
  expected: string;
  high: string;
}

/** What all bars of a list are drawn on; it always holds nothing, so that gain and loss part there. */
export interface Scale {
  from: number;
  to: number;
}

export function scaleOf(spans: readonly UsdSpan[]): Scale {
  const ends = spans.flatMap(({ low, expected, high }) => [low, expected, high].map(chartNumber));
  return { from: Math.min(0, ...ends), to: Math.max(0, ...ends) };
}

/** `$3.10 to $4.20`, or the one amount where both ends read the same. */
export function formatSpan({ low, high }: Pick<UsdSpan, 'low' | 'high'>): string {
  const [from, to] = [formatUsd(low), formatUsd(high)];
  return from === to ? from : `${from} to ${to}`;
}

/** An amount that is not known for certain: its range, and what is expected within. */
export function RangeBar({ span, scale, label }: { span: UsdSpan; scale: Scale; label: string }) {
  const width = scale.to - scale.from || 1;
  const at = (usd: string) => ((chartNumber(usd) - scale.from) / width) * 100;
  const [low, expected, high, zero] = [at(span.low), at(span.expected), at(span.high), at('0')];
  const gains = chartNumber(span.expected) >= 0;
  const colour = gains ? 'bg-accent' : 'bg-bad';
  const [near, far] = [Math.min(zero, expected), Math.max(zero, expected)];
  return (
    <div
      role="img"
      aria-label={`${label}: ${formatUsd(span.expected)} expected, ${formatSpan(span)}`}
      title={`${formatUsd(span.expected)} expected, ${formatSpan(span)}`}
      className="relative h-4 w-full"
    >
      <span className="absolute inset-x-0 top-1/2 h-px bg-line" />
      <span
        className={`absolute top-1 h-2 rounded-[2px] opacity-35 ${colour}`}
        style={{ left: `${near}%`, width: `${far - near}%` }}
      />
      <span
        className={`absolute top-1 h-2 rounded-[2px] ${colour}`}
        style={{ left: `${low}%`, width: `max(3px, ${high - low}%)`, opacity: 0.6 }}
      />
      <span
        className={`absolute top-0 h-4 w-[3px] rounded-full ${colour}`}
        style={{ left: `clamp(0px, calc(${expected}% - 1.5px), calc(100% - 3px))` }}
      />
      {scale.from < 0 && (
        <span className="absolute inset-y-0 w-px bg-ink-3" style={{ left: `${zero}%` }} />
      )}
    </div>
  );
}
