import { formatShare } from '../figures/counts.js';
import { basisPoints, formatUsd, parseUsd, sumUsd } from '../money/usd.js';

/** How the cost divides into input, output and what is billed by other units. */
export function CostSplit({
  input,
  output,
  other,
}: {
  input: string | null;
  output: string | null;
  other: string | null;
}) {
  const whole = sumUsd([input, output, other]);
  if (whole === 0n) return <span className="block text-left text-ink-3">–</span>;
  const parts = [
    { name: 'input', usd: input ?? '0', colour: 'var(--cost-in)' },
    { name: 'output', usd: output ?? '0', colour: 'var(--cost-out)' },
    { name: 'other', usd: other ?? '0', colour: 'var(--cost-rest)' },
  ].map((part) => ({ ...part, share: (basisPoints(parseUsd(part.usd), whole) ?? 0) / 10_000 }));
  const present = parts.filter(({ share }) => share > 0);
  const text = present
    .map(({ name, usd, share }) => `${name} ${formatUsd(usd)} (${formatShare(share)})`)
    .join(', ');
  return (
    <div title={text}>
      <span className="sr-only">{text}</span>
      <div aria-hidden="true" className="flex h-2 gap-px overflow-hidden rounded-full">
        {present.map(({ name, share, colour }) => (
          <div key={name} style={{ width: `${share * 100}%`, background: colour }} />
        ))}
      </div>
      <div aria-hidden="true" className="figure mt-1 flex justify-between text-xs text-ink-3">
        <span>{Math.round(parts[0]!.share * 100)}% in</span>
        <span>{Math.round(parts[1]!.share * 100)}% out</span>
      </div>
    </div>
  );
}
