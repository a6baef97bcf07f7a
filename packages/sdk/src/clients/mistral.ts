import type { MeterKind } from './meter-client.js';

export const meterMistral: MeterKind = () => null;
