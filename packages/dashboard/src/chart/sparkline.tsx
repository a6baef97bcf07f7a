/**
 * A small line over equal steps, with gaps where there is no figure. Its scale spans at least 20 %
 * to either side of the mean, so that a small wobble does not look like a leap.
 */
export function Sparkline({
  values,
  label,
  width = 84,
  height = 24,
}: {
  values: (number | null)[];
  label: string;
  width?: number;
  height?: number;
}) {
  const known = values.filter((value) => value !== null);
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  const low = Math.min(...known, mean * 0.8);
  const high = Math.max(...known, mean * 1.2);
  const x = (index: number) => 3 + (index / Math.max(1, values.length - 1)) * (width - 6);
  const y = (value: number) =>
    height - 4 - (high === low ? 0.5 : (value - low) / (high - low)) * (height - 8);
  let path = '';
  let open = false;
  values.forEach((value, index) => {
    if (value !== null) path += `${open ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    open = value !== null;
  });
  const last = values.findLastIndex((value) => value !== null);
  return (
    <svg
      role="img"
      aria-label={label}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
    >
      <title>{label}</title>
      <path
        d={path}
        fill="none"
        stroke="var(--ink-3)"
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      {last >= 0 && <circle cx={x(last)} cy={y(values[last]!)} r="2.25" fill="var(--accent)" />}
    </svg>
  );
}
