import type { Incident, QueryRow } from '@farthing/core';
import { useRef, useState, type KeyboardEvent } from 'react';
import { runQuery } from '../api/contract.js';
import { useReport } from '../api/use-report.js';
import { useWidth } from '../chart/use-width.js';
import { Choice } from '../controls/choice.js';
import { Failure } from '../controls/failure.js';
import { Loading, Skeleton } from '../controls/skeleton.js';
import { formatClock, formatMoment } from '../figures/times.js';
import { axisValues } from './axis-values.js';
import { farOf, nearOf, stepsOf, type Around, type Step } from './around.js';
import { chartFilters } from './incident-calls-filters.js';
import { normalLevel, quantitiesOf, type Amount, type AroundQuantity } from './around-quantity.js';
import { placeByKey } from '../chart/place-by-key.js';

const height = 208;
const axisRoom = 24;
const markRoom = 20;

/** What moved, hour by hour, with its normal level, when it began and when it was found. */
export function AroundChart({ incident, now }: { incident: Incident; now: number }) {
  const choices = quantitiesOf(incident.cause);
  // As long as nobody chose, it follows the cause, which may become a finer one.
  const [chosen, choose] = useState<string | null>(null);
  const quantity = choices.find((each) => each.label === chosen) ?? choices[0]!;
  const { label } = quantity;
  const { id, group, since, resolved_at: resolved } = incident;
  const { data, error, outdated, retry } = useReport(
    'around incident',
    [id, group, since, resolved, label],
    async (moment, signal) => {
      const ask = async (around: Around) => {
        const { rows } = await runQuery(
          {
            measures: quantity.measures,
            filters: chartFilters(incident),
            window: {
              from: new Date(around.from).toISOString(),
              to: new Date(around.to).toISOString(),
            },
            bucket: around.bucket,
            limit: 5_000,
          },
          signal,
        );
        return { around, rows };
      };
      const near = await ask(nearOf(incident, moment));
      const { around, rows } = hasBefore(near, Date.parse(since))
        ? near
        : await ask(farOf(incident, moment));
      return { around, steps: stepsOf(around, rows, Date.parse(since)), quantity };
    },
  );
  return (
    <section aria-labelledby="around" className={outdated ? 'outdated' : ''}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 id="around" className="font-semibold">
          Around its beginning
        </h2>
        <Choice
          label="Chart"
          value={label}
          options={choices.map((each) => ({ value: each.label, label: each.label.toLowerCase() }))}
          onChange={choose}
        />
      </div>
      {error && !data && <Failure what="its calls" error={error} retry={retry} />}
      {!data && !error && (
        <>
          <Loading what="its calls" />
          <Skeleton className="mt-2 block h-[17rem] w-full" />
        </>
      )}
      {data && (
        <Bars
          incident={incident}
          quantity={data.quantity}
          around={data.around}
          steps={data.steps}
          now={now}
        />
      )}
    </section>
  );
}

function Bars({
  incident,
  quantity,
  around,
  steps,
  now,
}: {
  incident: Incident;
  quantity: AroundQuantity;
  around: Around;
  steps: readonly Step[];
  now: number;
}) {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const [at, setAt] = useState<number | null>(null);
  const amounts = steps.map((step) => quantity.amount(step.rows, step.length));
  const normal = normalLevel(quantity, incident, steps);
  const top =
    Math.max(normal?.height ?? 0, ...amounts.map((amount) => amount?.height ?? 0)) * 1.08 || 1;
  const isEmpty = amounts.every((amount) => amount === null || amount.height === 0);
  const { labels, left } = axisValues(top, quantity.unit);
  const last = steps.length - 1;
  const end = steps[last]!.at + around.step;
  const column = Math.max(0, (width - left - 4) / steps.length);
  const x = (time: number) =>
    left + ((time - around.from) / (end - around.from)) * (width - left - 4);
  const floor = markRoom + height;
  const y = (value: number) => floor - (Math.min(value, top) / top) * height;
  const began = Date.parse(incident.since);
  const opened = Date.parse(incident.opened_at);
  const every = Math.max(1, Math.ceil(76 / Math.max(1, column)));
  const onKeyDown = (event: KeyboardEvent) => {
    const next = placeByKey(event.key, at, last);
    if (next === undefined) return;
    setAt(next);
    event.preventDefault();
  };
  const shown = Math.min(at ?? last, last);
  const words = wordsOf(steps[shown]!, amounts[shown] ?? null, around.step, normal);
  return (
    <div>
      <p className="figure mt-2 min-h-[2.6em] text-[0.8125rem] text-ink-2 sm:min-h-[1.4em]">
        {isEmpty ? (
          'No calls of it in this time are in the ledger.'
        ) : at === null ? (
          <Legend normal={normal} />
        ) : (
          words
        )}
      </p>
      <div
        ref={host}
        role="slider"
        tabIndex={0}
        aria-label={`${quantity.label} around the beginning. Arrow keys read out a step.`}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={shown}
        aria-valuetext={words}
        onKeyDown={onKeyDown}
        onBlur={() => setAt(null)}
        onPointerMove={(event) => {
          const inside = event.clientX - event.currentTarget.getBoundingClientRect().left - left;
          setAt(Math.min(last, Math.max(0, Math.floor(inside / Math.max(1, column)))));
        }}
        onPointerLeave={() => setAt(null)}
        className="mt-1 w-full touch-pan-y rounded-sm"
        style={{ height: floor + axisRoom }}
      >
        {width > 0 && (
          <svg
            aria-hidden="true"
            width={width}
            height={floor + axisRoom}
            className="figure block text-xs"
          >
            {at !== null && (
              <rect
                x={left + at * column}
                y={markRoom}
                width={column}
                height={height}
                fill="var(--sunk)"
              />
            )}
            {labels.map(({ value, text }) => (
              <g key={text}>
                <line x1={left} x2={width - 4} y1={y(value)} y2={y(value)} stroke="var(--line)" />
                <text x={left - 8} y={y(value) + 4} textAnchor="end" fill="var(--ink-3)">
                  {text}
                </text>
              </g>
            ))}
            {amounts.map((amount, index) => {
              const { at: start } = steps[index]!;
              const tall = amount === null ? 0 : floor - y(amount.height);
              return (
                <rect
                  key={start}
                  x={left + index * column + (column > 6 ? 1 : 0)}
                  y={floor - tall}
                  width={Math.max(1, column - (column > 6 ? 2 : 0.5))}
                  height={tall}
                  fill={start + around.step > began ? 'var(--warn)' : 'var(--accent)'}
                  opacity={start + around.step > began ? 0.85 : 0.55}
                />
              );
            })}
            {normal !== null && (
              <line
                x1={left}
                x2={width - 4}
                y1={y(normal.height)}
                y2={y(normal.height)}
                stroke="var(--ink)"
                strokeWidth="1.5"
                strokeDasharray="5 4"
              />
            )}
            <line x1={left} x2={width - 4} y1={floor} y2={floor} stroke="var(--line-strong)" />
            <Marks
              began={x(began)}
              found={opened <= end && opened <= now ? x(opened) : null}
              width={width}
            />
            {steps.map(({ at: start }, index) =>
              index % every === 0 && left + index * column + 40 < width ? (
                <text key={start} x={left + index * column} y={floor + 17} fill="var(--ink-3)">
                  {start % 86_400_000 === 0
                    ? formatMoment(start).split(',')[0]
                    : formatClock(start)}
                </text>
              ) : null,
            )}
          </svg>
        )}
      </div>
    </div>
  );
}

/** Whether there is a step that was over when it began. */
const hasBefore = (
  { around, rows }: { around: Around; rows: QueryRow[] },
  began: number,
): boolean => rows.some((row) => Date.parse(String(row['bucket'])) + around.step <= began);

/** When it began and when it was found, as lines through the chart with a word above each. */
function Marks({ began, found, width }: { began: number; found: number | null; width: number }) {
  const room = 60;
  // At the right edge both words would stand to the left, one on the other.
  const isTight = found !== null && found > width - room && found - began < room;
  const word = (at: number, text: string, isBefore: boolean) => (
    <text
      x={at + (isBefore ? -4 : 4)}
      y={13}
      textAnchor={isBefore ? 'end' : 'start'}
      fill="var(--ink)"
    >
      {text}
    </text>
  );
  return (
    <g>
      {[began, ...(found === null ? [] : [found])].map((at, index) => (
        <line
          key={index === 0 ? 'began' : 'found'}
          x1={at}
          x2={at}
          y1={4}
          y2={markRoom + height}
          stroke="var(--ink)"
        />
      ))}
      {word(began, isTight ? 'began, found' : 'began', began > 1.5 * room)}
      {found !== null && !isTight && word(found, 'found', found > width - room)}
    </g>
  );
}

function wordsOf({ at, length }: Step, amount: Amount | null, step: number, normal: Amount | null) {
  const end = length < step ? 'now' : formatClock(at + length);
  const usual = normal === null ? '' : `, normally ${normal.text}`;
  return `${formatMoment(at)}–${end} UTC: ${amount === null ? 'no calls' : amount.text}${usual}`;
}

function Legend({ normal }: { normal: Amount | null }) {
  const swatch = 'inline-block h-2.5 w-3 rounded-[2px] mr-1.5 align-[-1px]';
  return (
    <span className="flex flex-wrap gap-x-4 gap-y-1">
      <span>
        <span className={`${swatch} bg-accent opacity-55`} />
        before
      </span>
      <span>
        <span className={`${swatch} bg-warn opacity-85`} />
        since it began
      </span>
      {normal !== null && (
        <span>
          <span className="mr-1.5 inline-block w-4 border-t-2 border-dashed border-ink align-[3px]" />
          normal, {normal.text}
        </span>
      )}
    </span>
  );
}
