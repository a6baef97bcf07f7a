import type { CallRow, Entry, Estimate } from '@farthing/core';
import { Badge } from '../controls/badge.js';
import { formatCount } from '../figures/counts.js';
import { formatUsd, formatUsdExact } from '../money/usd.js';
import { costDrift, formatDrift } from './cost-drift.js';
import { Block } from './facts.js';
import { inputTokens } from './tokens.js';

/** What was expected before the call left, beside what it took. */
export function EstimateFacts({
  entry,
  estimate,
  call: { tokens },
}: {
  entry: Entry;
  estimate: Estimate;
  call: CallRow;
}) {
  const expected = estimate.usd ?? null;
  // As it was booked: an estimate knows nothing of later prices.
  const cost = entry.cost.usd;
  // Usage that was itself estimated says nothing about an estimate.
  const counted = entry.usage !== null && !entry.usage.estimated && estimate.method !== 'none';
  const drift = expected === null || cost === null || !counted ? null : costDrift(expected, cost);
  const head = 'pb-1.5 pl-2 text-right font-normal whitespace-nowrap';
  const cell = 'figure py-1.5 pl-2 text-right whitespace-nowrap';
  return (
    <Block title="Expected and actual">
      {drift !== null && (
        <p className="mb-3 flex flex-wrap items-center gap-2 text-[0.8125rem] text-ink-2">
          <span
            className={`figure text-base font-semibold ${drift.isDrift ? 'text-warn' : 'text-ink'}`}
          >
            {formatDrift(drift.share)}
          </span>
          against the expected cost
          {drift.isDrift && (
            <Badge tone="warn" title="More than 30 % off, of at least $0.0001">
              COST_DRIFT
            </Badge>
          )}
        </p>
      )}
      {tokens !== null && <OutputScale estimate={estimate} actual={tokens.output} />}
      <table className="w-full text-[0.8125rem]">
        <thead className="text-ink-3">
          <tr>
            <th scope="col" className="pb-1.5 text-left font-normal">
              <span className="sr-only">What</span>
            </th>
            <th scope="col" className={head}>
              Expected
            </th>
            <th scope="col" className={head} title="95 in 100 such calls take no more">
              95%
            </th>
            <th scope="col" className={head} title="99 in 100 such calls take no more">
              99%
            </th>
            <th scope="col" className={head}>
              Actual
            </th>
          </tr>
        </thead>
        <tbody>
          <tr className="border-t border-line">
            <th scope="row" className="py-1.5 text-left font-normal">
              Input tokens
            </th>
            <td className={cell}>{formatCount(estimate.input_tokens)}</td>
            <td className={cell} />
            <td className={cell} />
            <td className={`${cell} font-semibold`}>
              {tokens === null ? '–' : formatCount(inputTokens(tokens))}
            </td>
          </tr>
          <tr className="border-t border-line">
            <th scope="row" className="py-1.5 text-left font-normal">
              Output tokens
            </th>
            <td className={cell}>{formatCount(estimate.output_tokens)}</td>
            <td className={`${cell} text-ink-2`}>{optional(estimate.output_q95)}</td>
            <td className={`${cell} text-ink-2`}>{optional(estimate.output_q99)}</td>
            <td className={`${cell} font-semibold`}>
              {tokens === null ? '–' : formatCount(tokens.output)}
            </td>
          </tr>
          <tr className="border-t border-line">
            <th scope="row" className="py-1.5 text-left font-normal">
              Cost
            </th>
            <td className={cell} title={expected === null ? undefined : formatUsdExact(expected)}>
              {expected === null ? '–' : formatUsd(expected)}
            </td>
            <td className={cell} />
            <td className={cell} />
            <td
              className={`${cell} font-semibold`}
              title={cost === null ? undefined : formatUsdExact(cost)}
            >
              {cost === null ? '–' : formatUsd(cost)}
            </td>
          </tr>
        </tbody>
      </table>
      <p className="mt-2 text-[0.8125rem] text-ink-3">{basisWords(estimate)}</p>
    </Block>
  );
}

const optional = (count: number | undefined) => (count === undefined ? '' : formatCount(count));

function basisWords({ method, basis }: Estimate): string {
  const input =
    method === 'learned'
      ? 'Input as such calls had it'
      : method === 'none'
        ? 'Input not known before'
        : `Input by ${method.replace('/', ' ÷ ')}`;
  const output =
    basis === undefined || basis === 'none'
      ? 'output assumed: too few such calls were known'
      : `output as calls of the same ${basis.replaceAll('_', ' ')} had it`;
  return `${input}; ${output}.`;
}

/** Where the answer's length fell among what was foreseen. */
function OutputScale({ estimate, actual }: { estimate: Estimate; actual: number }) {
  const { output_tokens: mean, output_q95: q95, output_q99: q99 } = estimate;
  if (q95 === undefined || q99 === undefined) return null;
  const whole = Math.max(q99, actual, mean, 1) * 1.04;
  const at = (count: number) => `${(count / whole) * 100}%`;
  return (
    <div
      role="img"
      aria-label={`Output of ${formatCount(actual)} tokens; ${formatCount(mean)} expected, 95 in 100 below ${formatCount(q95)}, 99 below ${formatCount(q99)}`}
      className="relative mt-1 mb-4 h-7"
    >
      <span className="absolute inset-x-0 top-3 h-1 rounded-full bg-line" />
      <span
        className="absolute top-3 left-0 h-1 rounded-full bg-accent/25"
        style={{ width: at(q99) }}
      />
      <span
        className="absolute top-3 left-0 h-1 rounded-full bg-accent/40"
        style={{ width: at(q95) }}
      />
      <span
        className="absolute top-1.5 h-4 w-0.5 -translate-x-1/2 rounded-full bg-accent"
        style={{ left: at(mean) }}
        title={`expected ${formatCount(mean)}`}
      />
      <span
        className={`absolute top-2 size-3 -translate-x-1/2 rounded-full ring-2 ring-surface ${actual > q99 ? 'bg-warn' : 'bg-ink'}`}
        style={{ left: at(actual) }}
        title={`actual ${formatCount(actual)}`}
      />
    </div>
  );
}
