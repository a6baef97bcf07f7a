import type { Outlier } from '@farthing/core';
import { SmallButton } from '../../controls/button.js';
import { Money } from '../../controls/money.js';
import { formatCount, formatShare, plural } from '../../figures/counts.js';
import { sumUsd, toDecimal } from '../../money/usd.js';
import { useView } from '../../view/use-view.js';
import { RunLink } from '../runs/run-link.js';
import { signedDigits, SignedMoney } from '../signed-money.js';
import { causeName, peerWords, tellingCauses } from './outlier-words.js';

const tokenNames = {
  input: 'Input tokens',
  cache_read: 'of them from cache',
  output: 'Output tokens',
  reasoning: 'of them reasoning',
} as const;

/** Where the excess comes from, what its tokens are beside those of its peers, and the run around it. */
export function OutlierDetails({ outlier }: { outlier: Outlier }) {
  const { change } = useView();
  const { call, causes, tokens, run, peers } = outlier;
  return (
    <div className="grid gap-x-10 gap-y-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <Causes outlier={outlier} causes={tellingCauses(causes)} />
      <div>
        <table className="figure w-full">
          <thead className="border-b border-line text-ink-3">
            <tr>
              <th scope="col" className="py-1.5 text-left font-medium">
                Tokens
              </th>
              <th scope="col" className="py-1.5 pl-3 text-right font-medium">
                This call
              </th>
              <th scope="col" className="py-1.5 pl-3 text-right font-medium">
                Typical
              </th>
            </tr>
          </thead>
          <tbody>
            {(Object.keys(tokenNames) as (keyof typeof tokenNames)[]).map((kind) => (
              <tr key={kind} className="border-b border-line last:border-0">
                <th scope="row" className="py-1.5 text-left font-normal text-ink-2">
                  {tokenNames[kind]}
                </th>
                <td className="py-1.5 pl-3 text-right font-medium">
                  {formatCount(tokens.call[kind])}
                </td>
                <td className="py-1.5 pl-3 text-right text-ink-2">
                  {formatCount(tokens.typical[kind])}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="mt-2 break-words text-ink-3">Its peers are {peerWords(peers)}.</p>
        {run !== null && (
          <p className="mt-2 break-words text-ink-2">
            Call {formatCount(run.position)} of {formatCount(run.calls)} in <RunLink id={run.run} />
            , which cost <Money usd={run.cost_usd} />
            {run.usual_calls !== null &&
              `; such runs make ${plural(Math.round(run.usual_calls), 'call')}`}
            .
            {run.retries > 0 && (
              <>
                {' '}
                {plural(run.retries, 'retry', 'retries')} cost <Money usd={run.retries_usd} />.
              </>
            )}
          </p>
        )}
        <p className="mt-3">
          <SmallButton onClick={() => change({ call: call.id })}>Open the call</SmallButton>
        </p>
      </div>
    </div>
  );
}

function Causes({ outlier, causes }: { outlier: Outlier; causes: Outlier['causes'] }) {
  const { typical_usd: typical, cost_usd: cost, excess_usd: excess } = outlier;
  const digits = signedDigits([excess]);
  const rest = toDecimal(sumUsd([excess]) - sumUsd(causes.map(({ usd }) => usd)));
  const line =
    'grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 border-b border-line py-1.5 sm:grid-cols-[minmax(0,12rem)_minmax(0,1fr)_5.5rem]';
  return (
    <ol>
      <li className={`${line} font-medium`}>
        <span>A typical call</span>
        <span className="hidden sm:block" />
        <span className="text-right">
          <Money usd={typical} digits={digits} />
        </span>
      </li>
      {causes.map((cause) => (
        <li key={`${cause.cause} ${cause.source}`} className={line}>
          <span>{causeName(cause)}</span>
          <span className="hidden items-center gap-2 sm:flex">
            <span aria-hidden="true" className="h-2 flex-1 rounded-full bg-sunk">
              <span
                className={`block h-full rounded-full ${cause.usd.startsWith('-') ? 'bg-accent' : 'bg-warn'}`}
                style={{ width: `${Math.min(100, Math.abs(cause.share ?? 0) * 100)}%` }}
              />
            </span>
            <span className="figure w-12 text-right text-xs text-ink-3">
              {cause.share !== null &&
                `${cause.share < 0 ? '−' : ''}${formatShare(Math.abs(cause.share))}`}
            </span>
          </span>
          <span className="text-right">
            <SignedMoney usd={cause.usd} digits={digits} />
          </span>
        </li>
      ))}
      {rest !== '0' && (
        <li className={`${line} text-ink-2`}>
          <span>Smaller differences</span>
          <span className="hidden sm:block" />
          <span className="text-right">
            <SignedMoney usd={rest} digits={digits} plain />
          </span>
        </li>
      )}
      <li className={`${line} border-b-0 font-semibold`}>
        <span>This call</span>
        <span className="hidden sm:block" />
        <span className="text-right">
          <Money usd={cost} digits={digits} />
        </span>
      </li>
    </ol>
  );
}
