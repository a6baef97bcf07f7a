import type { CacheModelRow } from '@farthing/core';
import { Badge } from '../../controls/badge.js';
import { Money } from '../../controls/money.js';
import {
  formatCompact,
  formatCount,
  formatDuration,
  formatShare,
  plural,
} from '../../figures/counts.js';
import { columnDigits } from '../../money/usd.js';
import { formatSpan, RangeBar, scaleOf } from '../range-bar.js';
import { SignedMoney } from '../signed-money.js';
import { settingWords } from './setting-words.js';

/** One model of a group: what its cache returned, how its calls come, and what other settings would do. */
export function ModelCache({ model }: { model: CacheModelRow }) {
  const { tokens, net_usd: net, saved_usd: saved, write_cost_usd: writing, advice } = model;
  return (
    <section className="border-t border-line pt-3 first:border-0 first:pt-0">
      <h4 className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-semibold">{model.model ?? 'model not known'}</span>
        <span className="text-[0.8125rem] text-ink-3">
          {model.provider}, {plural(model.calls, 'call')}; caches{' '}
          {model.control === 'automatic' ? 'by itself' : 'what the caller marks'}, from{' '}
          {formatCount(model.minimum_tokens)} tokens on
        </span>
        {!model.applies && <Badge tone="calm">prompts too short for the cache</Badge>}
      </h4>
      <p className="figure mt-1 text-[0.8125rem] text-ink-2">
        <Money usd={saved} /> saved by reading {formatCompact(tokens.read)} tokens −{' '}
        <Money usd={writing} /> for writing {formatCompact(tokens.written + tokens.written_1h)} ={' '}
        <span className="font-semibold text-ink">
          {net === null ? <Money usd={null} /> : <SignedMoney usd={net} plain />}
        </span>
      </p>
      <p className="figure mt-0.5 text-[0.8125rem] text-ink-3">{rhythmOf(model)}</p>
      {advice && (
        <p className="mt-2 rounded-md bg-accent-soft px-3 py-2 text-[0.8125rem]">
          {advice.sentence}
        </p>
      )}
      {model.settings.length > 0 && <Settings model={model} />}
    </section>
  );
}

function rhythmOf({ reads_per_write: reads, break_even: even, gaps }: CacheModelRow): string {
  const parts = [];
  if (reads !== null) parts.push(`${reads.toFixed(1)} reads of each written token`);
  if (even?.write_5m != null) parts.push(`writing for 5 minutes pays from ${even.write_5m} on`);
  if (even?.write_1h != null) parts.push(`for an hour from ${even.write_1h} on`);
  if (gaps.p50_seconds !== null)
    parts.push(
      `half of the calls come within ${formatDuration(gaps.p50_seconds * 1000)} of one alike`,
    );
  if (gaps.within_5m !== null && gaps.within_1h !== null)
    parts.push(
      `${formatShare(gaps.within_5m)} within 5 minutes, ${formatShare(gaps.within_1h)} within an hour`,
    );
  const text = parts.join('; ');
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

/** Settings on one scale: what each would have changed against what was. */
function Settings({ model }: { model: CacheModelRow }) {
  const spans = model.settings.map((row) => ({
    ...row,
    span: { low: row.low_usd, expected: row.difference_usd, high: row.high_usd },
  }));
  const scale = scaleOf(spans.map(({ span }) => span));
  const digits = columnDigits(spans.map(({ difference_usd: usd }) => usd.replace(/^-/, '')));
  return (
    <table className="mt-3 w-full max-w-[60rem] text-[0.8125rem]">
      <caption className="pb-1 text-left text-ink-3">
        What other settings would have saved against what was, with the range of 90 in 100
      </caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Setting</th>
          <th scope="col">Range</th>
          <th scope="col">Saved</th>
          <th scope="col">Read from the cache</th>
        </tr>
      </thead>
      <tbody>
        {spans.map(({ setting, span, difference_usd: usd, read_share: read }) => (
          <tr key={setting} className="border-t border-line">
            <th scope="row" className="py-1.5 pr-3 text-left align-top font-normal">
              {settingWords[setting]}
              {setting === model.advice?.setting && (
                <>
                  {' '}
                  <Badge tone="good">advised</Badge>
                </>
              )}
              <span className="figure block text-xs text-ink-3 md:hidden">{formatSpan(span)}</span>
            </th>
            <td className="hidden w-[38%] py-1.5 md:table-cell">
              <RangeBar span={span} scale={scale} label={settingWords[setting]} />
            </td>
            <td className="py-1.5 pl-4 text-right align-top">
              <SignedMoney usd={usd} digits={digits} plain />
            </td>
            <td className="figure hidden py-1.5 pl-4 text-right align-top text-ink-3 sm:table-cell">
              {formatShare(read)} read
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
