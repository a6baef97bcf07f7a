/**
 * A small line over equal steps; gaps where there is no figure. It starts at zero, so that a small
 * wobble does not look like a leap.
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
  const top = Math.max(...values.map((value) => value ?? 0));
  const x = (index: number) => 2 + (index / Math.max(1, values.length - 1)) * (width - 4);
  const y = (value: number) => height - 3 - (top === 0 ? 0 : value / top) * (height - 6);
  let path = '';
  let open = false;
  values.forEach((value, index) => {
    if (value === null) open = false;
    else {
      path += `${open ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
      open = true;
    }
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
      <path d={`M2 ${height - 3}H${width - 2}`} stroke="var(--line)" />
      <path
        d={path}
        fill="none"
        stroke="var(--ink-2)"
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      {last >= 0 && <circle cx={x(last)} cy={y(values[last]!)} r="2.25" fill="var(--accent)" />}
    </svg>
  );
}
