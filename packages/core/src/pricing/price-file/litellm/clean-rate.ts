import { decimalFromNumber } from '../../../money.js';
import { decimalOf, formatDecimal, multiplyDecimals } from '../../decimal.js';

/** Published rates have fewer significant digits than this; a float's artefacts have more. */
const significantDigits = 12;

/**
 * A figure that stands as a float, times a factor, as the decimal that was meant:
 * `2.5e-06` × 10^6 is `2.5`, and so is `2.4999999999999998e-06` × 10^6.
 */
export function cleanRate(value: number, factor: number): string {
  const exact = formatDecimal(
    multiplyDecimals(decimalOf(decimalFromNumber(value)), decimalOf(String(factor))),
  );
  const digits = exact.replace('.', '').replace(/^0+/, '');
  if (digits.length <= significantDigits) return exact;
  return decimalFromNumber(Number(Number(exact).toPrecision(significantDigits)));
}
