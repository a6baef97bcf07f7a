import { formatUsd, formatUsdExact } from '../money/usd.js';

/**
 * An amount in sensible digits; every digit stands in its title. An unknown amount says so, and why,
 * and is never shown as nothing.
 */
export function Money({
  usd,
  unknown = 'unpriced',
  reason,
}: {
  usd: string | null;
  unknown?: string;
  reason?: string | undefined;
}) {
  if (usd === null)
    return (
      <span className="text-warn" title={reason}>
        {unknown}
      </span>
    );
  const exact = formatUsdExact(usd);
  return (
    <span className="figure" title={exact}>
      {formatUsd(usd)}
    </span>
  );
}
