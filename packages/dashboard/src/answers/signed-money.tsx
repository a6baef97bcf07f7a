import { columnDigits, formatUsdAt, formatUsdExact, parseUsd } from '../money/usd.js';

/** `+$1.20` or `−$0.40`: a difference. Coloured, more is a warning and less is good. */
export function SignedMoney({
  usd,
  digits,
  plain = false,
}: {
  usd: string;
  /** Decimals of the column that it stands in; sensible ones of its own otherwise. */
  digits?: number | undefined;
  plain?: boolean;
}) {
  const amount = parseUsd(usd);
  const tone = plain || amount === 0n ? '' : amount > 0n ? 'text-warn' : 'text-accent-ink';
  return (
    <span className={`figure whitespace-nowrap ${tone}`} title={formatUsdExact(usd)}>
      {signedUsd(usd, digits)}
    </span>
  );
}

/** What is too small for the decimals is `<$0.01`, never nothing. */
export function signedUsd(usd: string, digits?: number): string {
  const size = usd.replace(/^-/, '');
  const sign = parseUsd(usd) === 0n ? '' : usd.startsWith('-') ? '−' : '+';
  const text = formatUsdAt(size, digits ?? columnDigits([size]));
  return sign === '+' && text.startsWith('<') ? text : `${sign}${text}`;
}

/** Decimals for a column of differences of either sign. */
export const signedDigits = (amounts: readonly string[]): number =>
  columnDigits(amounts.map((usd) => usd.replace(/^-/, '')));
