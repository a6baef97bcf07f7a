import { kindLabel } from '../calls/tokens.js';

/** Units of a price list are those of a bill, but for plain input. */
export const unitLabel = (unit: string): string => (unit === 'input' ? 'Input' : kindLabel(unit));
