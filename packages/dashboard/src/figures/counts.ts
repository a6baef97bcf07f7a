const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en-US', {
  notation: 'compact',
  minimumFractionDigits: 0,
  maximumFractionDigits: 1,
});

/** `12345` → `12,345`. */
export const formatCount = (count: number): string => whole.format(count);

/** `12345678` → `12.3M`, for figures whose exact value stands in the title. */
export const formatCompact = (count: number): string =>
  Math.abs(count) < 10_000 ? whole.format(count) : compact.format(count);

/** A share between 0 and 1: `0.123` → `12.3%`, `0.0004` → `<0.1%`, none → `–`. */
export function formatShare(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return '–';
  if (share === 0) return '0%';
  if (share < 0.001) return '<0.1%';
  const percent = share * 100;
  if (share < 1 && percent > 99.9) return '>99.9%';
  return percent >= 99.95 || Number.isInteger(percent)
    ? `${Math.round(percent)}%`
    : `${percent.toFixed(1)}%`;
}

/** `part / whole` as a share, null when the whole is nothing. */
export const shareOf = (part: number, total: number): number | null =>
  total === 0 ? null : part / total;

/** Milliseconds for reading: `840 ms`, `3.2 s`, `2 min 05 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600)
    return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(seconds / 3600)} h ${String(Math.floor(seconds / 60) % 60).padStart(2, '0')} min`;
}

/** Bytes for reading, in powers of 1,000: `18.4 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [size, step] = [bytes, 0];
  while (size >= 1000 && step < units.length - 1) [size, step] = [size / 1000, step + 1];
  return `${step === 0 ? size : size.toFixed(1)} ${units[step]}`;
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;
