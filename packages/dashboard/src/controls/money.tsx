import { formatUsd, formatUsdAt, formatUsdExact } from '../money/usd.js';

/**
 * An amount in sensible digits; every digit stands in its title. An unknown amount says so, and why,
 * and is never shown as nothing.
 */
export function Money({
  usd,
  unknown = 'unpriced',
  reason,
  digits,
}: {
  usd: string | null;
  unknown?: string;
  reason?: string | undefined;
  /** Decimals of the column that it stands in; sensible ones of its own otherwise. */
  digits?: number | undefined;
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
      {digits === undefined ? formatUsd(usd) : formatUsdAt(usd, digits)}
    </span>
  );
}
