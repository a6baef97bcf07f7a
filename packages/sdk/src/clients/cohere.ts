import type { MeterKind } from './meter-client.js';

export const meterCohere: MeterKind = () => null;
