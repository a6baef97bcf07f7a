import { useRef, useState, type KeyboardEvent } from 'react';
import { axisLabel } from '../../chart/stack.js';
import { useWidth } from '../../chart/use-width.js';
import { formatDay } from '../../figures/times.js';
import { formatUsd } from '../../money/usd.js';
import { axisStep, fanTop, type FanDay } from './fan.js';
import { placeByKey } from '../../chart/place-by-key.js';

const fanHeight = 232;
const gap = 22;
const barHeight = 64;
const axisRoom = 24;
const height = fanHeight + gap + barHeight + axisRoom;
const left = 56;
const right = 8;

export interface Limit {
  name: string;
  usd: string;
}

/**
 * Above, what the month has taken by the end of each day, and in which range it is expected to end;
 * below, the days themselves. The pointer or the arrow keys read out one day.
 */
export function FanChart({
  days,
  now,
  spent,
  limits,
  wordsOf,
}: {
  days: readonly FanDay[];
  /** The moment of the forecast, in milliseconds since 1970. */
  now: number;
  /** What the month has taken so far, in USD. */
  spent: number;
  limits: readonly Limit[];
  /** What is said of a day. */
  wordsOf: (index: number) => string;
}) {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const [at, setAt] = useState<number | null>(null);
  const last = days.length - 1;
  const column = Math.max(0, (width - left - right) / days.length);
  const start = days[0] === undefined ? 0 : Date.parse(days[0].at);
  const x = (time: number) => left + ((time - start) / 86_400_000) * column;
  const top = fanTop(days);
  const y = (usd: number) => fanHeight - (Math.min(usd, top) / top) * (fanHeight - 12);
  const most = Math.max(...days.map(({ actual, expected }) => actual + expected), 0) || 1;
  const bar = (usd: number) => (usd / most) * barHeight;
  const floor = fanHeight + gap + barHeight;
  const firstOfMonth = days.findIndex(({ month }) => month !== null);
  const monthStart = left + Math.max(0, firstOfMonth) * column;
  const isPast = (index: number) => Date.parse(days[index]!.at) + 86_400_000 <= now;
  const ends = days.flatMap(({ month }, index) =>
    month === null ? [] : [{ month, index, x: left + (index + 1) * column, past: isPast(index) }],
  );
  const behind = ends.filter(({ past }) => past);
  const ahead = ends.filter(({ past }) => !past);
  // A month that lies ahead begins with nothing spent, at its own beginning.
  const join = { x: Math.max(monthStart, Math.min(x(now), width - right)), y: y(spent) };
  const actual = [
    `M${monthStart} ${fanHeight}`,
    ...behind.map((each) => `L${each.x} ${y(each.month.expected)}`),
    ...(ahead.length > 0 ? [`L${join.x} ${join.y}`] : []),
  ].join('');
  const band = (low: 'low80' | 'low95', high: 'high80' | 'high95') =>
    `M${join.x} ${join.y}${ahead.map((each) => `L${each.x} ${y(each.month[high])}`).join('')}${ahead
      .toReversed()
      .map((each) => `L${each.x} ${y(each.month[low])}`)
      .join('')}Z`;
  const expected = `M${join.x} ${join.y}${ahead.map((each) => `L${each.x} ${y(each.month.expected)}`).join('')}`;
  const step = axisStep(top);
  const labels = Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step);
  const every = Math.max(1, Math.ceil(64 / Math.max(1, column)));
  const shown = at ?? last;

  const onKeyDown = (event: KeyboardEvent) => {
    const next = placeByKey(event.key, at, last);
    if (next === undefined) return;
    setAt(next);
    event.preventDefault();
  };

  return (
    <div>
      <p className="figure min-h-[2.6em] text-[0.8125rem] text-ink-2 sm:min-h-[1.4em]">
        {at === null ? <Legend /> : wordsOf(at)}
      </p>
      <div
        ref={host}
        role="slider"
        tabIndex={0}
        aria-label="The month, day by day. Arrow keys read out a day."
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={shown}
        aria-valuetext={wordsOf(shown)}
        onKeyDown={onKeyDown}
        onBlur={() => setAt(null)}
        onPointerMove={(event) => {
          const inside = event.clientX - event.currentTarget.getBoundingClientRect().left - left;
          setAt(Math.min(last, Math.max(0, Math.floor(inside / Math.max(1, column)))));
        }}
        onPointerLeave={() => setAt(null)}
        className="mt-2 w-full touch-pan-y"
        style={{ height }}
      >
        {width > 0 && (
          <svg aria-hidden="true" width={width} height={height} className="figure block text-xs">
            {at !== null && (
              <rect x={left + at * column} y={0} width={column} height={floor} fill="var(--sunk)" />
            )}
            {labels.map((usd) => (
              <g key={usd}>
                <line x1={left} x2={width - right} y1={y(usd)} y2={y(usd)} stroke="var(--line)" />
                <text x={left - 8} y={y(usd) + 4} textAnchor="end" fill="var(--ink-3)">
                  {axisLabel(usd, step)}
                </text>
              </g>
            ))}
            {ahead.length > 0 && (
              <>
                <path d={band('low95', 'high95')} fill="var(--accent)" opacity="0.14" />
                <path d={band('low80', 'high80')} fill="var(--accent)" opacity="0.22" />
                <path
                  d={expected}
                  fill="none"
                  stroke="var(--accent)"
                  strokeWidth="2"
                  strokeDasharray="5 4"
                />
              </>
            )}
            {limits.map(({ name, usd }) => (
              <g key={name}>
                <line
                  x1={monthStart}
                  x2={width - right}
                  y1={y(Number(usd))}
                  y2={y(Number(usd))}
                  stroke="var(--warn)"
                  strokeDasharray="2 3"
                />
                <text x={monthStart + 4} y={y(Number(usd)) - 5} fill="var(--warn)">
                  {name}, {formatUsd(usd)}
                </text>
              </g>
            ))}
            <path
              d={actual}
              fill="none"
              stroke="var(--ink)"
              strokeWidth="2"
              strokeLinejoin="round"
            />
            {ahead.length > 0 && <circle cx={join.x} cy={join.y} r="3.5" fill="var(--ink)" />}
            {days.map((day, index) => {
              const place = { x: left + index * column + 1, width: Math.max(1, column - 2) };
              const quiet = day.month === null ? 0.4 : 1;
              const spentBar = bar(day.actual);
              return (
                <g key={day.at} opacity={quiet}>
                  <rect {...place} y={floor - spentBar} height={spentBar} fill="var(--ink-2)" />
                  <rect
                    {...place}
                    y={floor - spentBar - bar(day.expected)}
                    height={bar(day.expected)}
                    fill="var(--accent)"
                    opacity="0.45"
                  />
                </g>
              );
            })}
            <line x1={left} x2={width - right} y1={floor} y2={floor} stroke="var(--line-strong)" />
            <text x={left - 8} y={floor - barHeight / 2 + 4} textAnchor="end" fill="var(--ink-3)">
              a day
            </text>
            {days.map((day, index) =>
              (last - index) % every === 0 && left + index * column + column / 2 > left + 20 ? (
                <text
                  key={day.at}
                  x={Math.min(left + index * column + column / 2, width - right - 20)}
                  y={floor + 17}
                  textAnchor="middle"
                  fill="var(--ink-3)"
                >
                  {formatDay(day.at)}
                </text>
              ) : null,
            )}
          </svg>
        )}
      </div>
    </div>
  );
}

function Legend() {
  const swatch = 'inline-block h-2.5 w-4 rounded-[2px] mr-1.5 align-[-1px]';
  return (
    <span className="flex flex-wrap gap-x-4 gap-y-1" aria-hidden="true">
      <span>
        <span className="mr-1.5 inline-block h-0.5 w-4 bg-ink align-[3px]" />
        Spent
      </span>
      <span>
        <span className="mr-1.5 inline-block w-4 border-t-2 border-dashed border-accent align-[3px]" />
        Expected
      </span>
      <span>
        <span className={`${swatch} bg-accent opacity-40`} />8 in 10
      </span>
      <span>
        <span className={`${swatch} bg-accent opacity-15`} />
        19 in 20
      </span>
    </span>
  );
}
