import type { PriceRow } from '@farthing/core';
import { Link } from '@tanstack/react-router';
import type { CallDetail } from '../api/contract.js';
import { CopyButton } from '../controls/copy-button.js';
import { formatCount, formatDuration } from '../figures/counts.js';
import { formatInstant } from '../figures/times.js';
import { formatPico, formatUsd, formatUsdExact, parseUsd } from '../money/usd.js';
import { dimensionLabel, isDimension } from '../view/dimensions.js';
import { AdjustedBy, Adjusts } from './adjustments.js';
import { ChargesTable } from './charges-table.js';
import { Block, Facts } from './facts.js';
import { OutcomeBadge } from './outcome-badge.js';
import { statusReason } from './status-reason.js';
import { TokenFacts } from './token-facts.js';

const sources: Record<string, string> = {
  reported: 'stated by the provider',
  override: 'your own price (override)',
  overlay: 'price overlay',
  base: 'price book',
  source: 'stated by the imported record',
};

export function CallDetails({ detail }: { detail: CallDetail }) {
  const { call, entry, origin, adjustments, restated } = detail;
  const cost = entry?.cost;
  const known = adjustments.length > 0 && restated !== null ? restated.usd : call.cost_usd;
  const status = adjustments.length > 0 && restated !== null ? restated.status : call.cost_status;
  const reason =
    adjustments.length > 0 ? statusReason(status) : (cost?.reason ?? statusReason(status));
  const { custom = {}, ...tags } = call.tags;
  const tagFacts: [string, string][] = [
    ...Object.entries(tags).map(([name, value]): [string, string] => [
      isDimension(name) ? dimensionLabel(name) : name,
      String(value),
    ]),
    ...Object.entries(custom),
  ];
  return (
    <>
      <p
        className="figure text-[2rem] leading-9 font-semibold tracking-[-0.02em]"
        title={known === null ? undefined : formatUsdExact(known)}
      >
        {status === 'not_billed' ? (
          'Not billed'
        ) : known === null ? (
          <span className="text-warn">Unpriced</span>
        ) : (
          formatUsd(known)
        )}
      </p>
      <p className="mt-1 flex flex-wrap items-center gap-x-2 text-ink-2">
        <span>{call.model ?? call.model_requested ?? call.path ?? 'No model'}</span>
        <span>on {formatInstant(call.started_at)} UTC</span>
        <OutcomeBadge call={call} />
      </p>
      {adjustments.length > 0 && <AdjustedBy booked={call.cost_usd} adjustments={adjustments} />}
      {reason !== undefined && (
        <p
          className={`mt-3 rounded-md border px-3 py-2 text-[0.8125rem] ${status === 'not_billed' ? 'border-line bg-sunk text-ink-2' : 'border-warn-line bg-warn-soft text-warn'}`}
        >
          {reason} <span className="font-mono text-xs">({status})</span>
        </p>
      )}
      {entry?.adjusts !== undefined && <Adjusts adjusts={entry.adjusts} />}
      {entry === null && (
        <p className="mt-3 rounded-md border border-line bg-sunk px-3 py-2 text-[0.8125rem] text-ink-2">
          The journal segment with the full entry is no longer kept, so its charges cannot be
          listed. The booked figures are below.
        </p>
      )}
      {cost && cost.charges.length > 0 && (
        <Block title={adjustments.length > 0 ? 'Charges as booked' : 'Charges'}>
          <ChargesTable charges={cost.charges} total={call.cost_usd} />
        </Block>
      )}
      <Block title={adjustments.length > 0 ? 'Price as booked' : 'Price'}>
        <Facts
          facts={[
            [
              'Source',
              call.cost_source === null ? null : (sources[call.cost_source] ?? call.cost_source),
            ],
            ['Price row', cost?.price && <PriceLink price={cost.price} />],
            ['Price book', cost?.price?.book],
            [
              'In force since',
              cost?.price?.effective_from && formatInstant(cost.price.effective_from).slice(0, -14),
            ],
            [
              'At list prices',
              call.list_usd === null ? null : (
                <ListCost list={call.list_usd} cost={call.cost_usd} />
              ),
            ],
            [
              'Reported cost',
              call.reported_usd === null ? null : formatUsdExact(call.reported_usd),
            ],
            [
              'Computed cost',
              cost?.computed_usd === undefined ? null : formatUsdExact(cost.computed_usd),
            ],
            [
              'Input cost',
              call.cost_input_usd === null ? null : formatUsdExact(call.cost_input_usd),
            ],
            [
              'Output cost',
              call.cost_output_usd === null ? null : formatUsdExact(call.cost_output_usd),
            ],
          ]}
        />
      </Block>
      {(call.kind === 'call' || call.tokens !== null) && (
        <TokenFacts call={call} usage={entry?.usage ?? null} />
      )}
      <Block title="Tags">
        {tagFacts.length === 0 ? (
          <p className="text-[0.8125rem] text-ink-3">
            None. Send <code className="font-mono">x-farthing-feature</code> to say what a call is
            for.
          </p>
        ) : (
          <Facts facts={tagFacts} />
        )}
      </Block>
      <Block title="Call">
        <Facts
          facts={[
            ['Provider and API', `${call.provider}, ${call.api}${call.stream ? ', streamed' : ''}`],
            ['Path', call.path],
            ['Model asked for', call.model_requested],
            ['Model that answered', call.model],
            ['Started', formatInstant(call.started_at)],
            ['Took', formatDuration(call.duration_ms)],
            [
              'First byte after',
              call.first_byte_ms === null ? null : formatDuration(call.first_byte_ms),
            ],
            ['HTTP status', call.http_status],
            ['Error', call.error_type],
            ['Attempt', call.attempt],
            [
              'Estimated before',
              entry?.estimate &&
                `${formatCount(entry.estimate.input_tokens)} in, ${formatCount(entry.estimate.output_tokens)} out (${entry.estimate.method})`,
            ],
          ]}
        />
      </Block>
      <Block title="Where it stands">
        <Facts
          facts={[
            ['Journal', origin.journal],
            ['Segment', formatCount(origin.segment)],
            ['Offset', `${formatCount(origin.offset)} bytes`],
            ['Recorded by', call.source],
            ['Provider’s id', entry?.response_id],
            ['Call id', <span className="font-mono text-xs">{call.id}</span>],
          ]}
        />
        <div className="mt-3">
          <CopyButton text={call.id} label="Copy call id" />
        </div>
      </Block>
    </>
  );
}

/** What the call would cost at public list prices, and how much less is paid. */
function ListCost({ list, cost }: { list: string; cost: string | null }) {
  const saved = cost === null ? 0n : parseUsd(list) - parseUsd(cost);
  return (
    <>
      {formatUsdExact(list)}
      {saved !== 0n && (
        <span className="text-ink-3">
          {' '}
          ({formatPico(saved < 0n ? -saved : saved)} {saved > 0n ? 'less' : 'more'} is paid)
        </span>
      )}
    </>
  );
}

/** The row that priced the call, and the way to its history. */
function PriceLink({ price: { provider, model } }: { price: PriceRow }) {
  return (
    <Link
      to="/prices/$provider/$model"
      params={{ provider, model } as never}
      className="text-accent-ink underline decoration-accent-ink/40 underline-offset-[3px] hover:decoration-current"
    >
      {provider} / {model}
    </Link>
  );
}
