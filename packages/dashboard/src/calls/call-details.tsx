import type { CallDetail } from '../api/contract.js';
import { RunLink } from '../answers/runs/run-link.js';
import { CopyButton } from '../controls/copy-button.js';
import { formatCount, formatDuration } from '../figures/counts.js';
import { formatInstant } from '../figures/times.js';
import { formatUsd, formatUsdExact } from '../money/usd.js';
import { dimensionLabel, isDimension } from '../view/dimensions.js';
import { DecisionOfCall } from '../decisions/decision-of-call.js';
import { AdjustedBy, Adjusts, signedUsd } from './adjustments.js';
import { EstimateFacts } from './estimate-facts.js';
import { Block, Facts, type Fact } from './facts.js';
import { OutcomeBadge } from './outcome-badge.js';
import { knownCost } from './known-cost.js';
import { PriceFacts } from './price-facts.js';
import { PromptFacts } from './prompt-facts.js';
import { TokenFacts } from './token-facts.js';

export function CallDetails({ detail }: { detail: CallDetail }) {
  const { call, entry, origin, adjustments } = detail;
  const { usd, status, reason } = knownCost(detail);
  const { custom = {}, ...tags } = call.tags;
  const tagFacts: Fact[] = [
    ...Object.entries(tags).map(([name, value]): Fact => [
      isDimension(name) ? dimensionLabel(name) : name,
      name === 'run' || name === 'session' || name === 'trace' ? (
        <RunLink id={String(value)} kind={name} />
      ) : (
        String(value)
      ),
    ]),
    ...Object.entries(custom),
  ];
  return (
    <>
      <p
        className="figure text-[2rem] leading-9 font-semibold tracking-[-0.02em]"
        title={usd === null ? undefined : formatUsdExact(usd)}
      >
        {status === 'not_billed' ? (
          'Not billed'
        ) : usd === null ? (
          <span className="text-warn">Unpriced</span>
        ) : (
          (call.kind === 'adjustment' ? signedUsd : formatUsd)(usd)
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
      <PriceFacts detail={detail} />
      {(call.kind === 'call' || call.tokens !== null) && (
        <TokenFacts call={call} usage={entry?.usage ?? null} />
      )}
      {entry?.estimate !== undefined && call.kind === 'call' && (
        <EstimateFacts entry={entry} estimate={entry.estimate} call={call} />
      )}
      {entry?.prompt !== undefined && call.kind === 'call' && <PromptFacts prompt={entry.prompt} />}
      <DecisionOfCall call={call} />
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
