import type { MeterKind } from './meter-client.js';

export const meterBedrock: MeterKind = () => null;
