import { formatShare } from '../../figures/counts.js';

/** Where a prompt cache does what it can: below it the report calls a hit ratio low. */
export const fairHitRatio = 0.6;

/** A hit ratio as a bar, with the mark that it should reach. */
export function HitBar({ ratio, low }: { ratio: number | null; low: boolean }) {
  if (ratio === null) return <span className="text-ink-3">no input</span>;
  return (
    <span className="flex items-center gap-3">
      <span className="relative hidden h-2 w-full max-w-44 rounded-[2px] bg-line xs:block">
        <span
          className={`absolute inset-y-0 left-0 rounded-[2px] ${low ? 'bg-warn' : 'bg-accent'}`}
          style={{ width: `${Math.min(1, ratio) * 100}%` }}
        />
        <span
          className="absolute -inset-y-1 w-0.5 bg-ink-2"
          style={{ left: `${fairHitRatio * 100}%` }}
          title="60%: below it, a cache is worth a look"
        />
      </span>
      <span className="figure w-12 shrink-0 text-right">{formatShare(ratio)}</span>
    </span>
  );
}
