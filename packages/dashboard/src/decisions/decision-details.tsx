import type { AccountVerdict } from '@farthing/core';
import type { Account, FoundDecision } from '../api/budgets-contract.js';
import { bareAmount, exactAmount, formatUntil, scopeWords } from '../budgets/budget-words.js';
import { Gauge } from '../budgets/gauge.js';
import { Block, Facts } from '../calls/facts.js';
import { Badge } from '../controls/badge.js';
import { CopyButton } from '../controls/copy-button.js';
import { plural } from '../figures/counts.js';
import { formatInstant, formatMoment } from '../figures/times.js';
import { dimensionLabel, isDimension } from '../view/dimensions.js';
import { AcknowledgeForm } from './acknowledge.js';
import { KindBadge } from './decision-line.js';
import { isUnasked, saidWords, stepWords, waitWords } from './decision-words.js';

/** Why: what became of the call, each step, and each account that was asked with what it said. */
export function DecisionDetails({ decision }: { decision: FoundDecision }) {
  const { call, at, provider, model_requested: asked, model, tags, times, refusal } = decision;
  const { custom = {}, ...named } = tags;
  return (
    <>
      <p className="flex flex-wrap items-center gap-2 text-lg leading-6 font-semibold">
        <KindBadge decision={decision} />
        {provider}/{asked}
        {model !== null && model !== asked && <span className="text-ink-2">→ {model}</span>}
      </p>
      <p className="mt-1 text-ink-2">{formatInstant(at)} UTC</p>
      <DecisionFacts decision={decision} />
      {refusal?.action === 'acknowledge' && (
        <Block title="Let it pass">
          <p className="mb-3 text-[0.8125rem] text-ink-2">
            The answer to the caller carries a token: the header{' '}
            <code className="font-mono text-xs">x-farthing-acknowledge</code>, also in its body. It
            is signed, good for ten minutes and for one call, and kept nowhere else.
          </p>
          <AcknowledgeForm />
        </Block>
      )}
      <Block title="Whose call">
        <Facts
          facts={[
            ...Object.entries(named).map(([name, value]): [string, string] => [
              isDimension(name) ? dimensionLabel(name) : name,
              String(value),
            ]),
            ...Object.entries(custom),
            ['Decided alike', times > 1 ? `${plural(times, 'call')} within that second` : null],
            [
              'Recorded about',
              decision.same_as && <span className="font-mono text-xs">{decision.same_as}</span>,
            ],
            ['Call id', <span className="font-mono text-xs">{call}</span>],
          ]}
        />
        <div className="mt-3">
          <CopyButton text={call} label="Copy call id" />
        </div>
      </Block>
    </>
  );
}

/** The part that a call's own details show as well. */
export function DecisionFacts({ decision }: { decision: FoundDecision }) {
  const { refusal, warnings, steps, accounts } = decision;
  return (
    <>
      {refusal !== undefined && (
        <p className="mt-4 rounded-md border border-bad/40 bg-bad-soft px-3 py-2 text-[0.8125rem] text-bad">
          {refusal.message} {waitWords(refusal.retry_after_s)}
        </p>
      )}
      {warnings.map((warning) => (
        <p
          key={warning}
          className="mt-4 rounded-md border border-warn-line bg-warn-soft px-3 py-2 text-[0.8125rem] text-warn"
        >
          {warning}
        </p>
      ))}
      {steps.length > 0 && (
        <Block title="Step by step">
          <ol className="text-[0.8125rem]">
            {steps.map((step, index) => (
              <li key={index} className="flex gap-3 border-t border-line py-1.5">
                <span className="figure w-4 shrink-0 text-right text-ink-3">{index + 1}</span>
                <span className="min-w-0 break-words">{stepWords(step)}</span>
              </li>
            ))}
          </ol>
        </Block>
      )}
      {accounts.length > 0 && (
        <Block title="Accounts that were asked">
          <ul className="text-[0.8125rem]">
            {accounts.map((account, index) => (
              <Verdict key={index} verdict={account} at={decision.at} />
            ))}
          </ul>
        </Block>
      )}
    </>
  );
}

const tones = { yes: 'good', soft: 'warn', over: 'warn', no: 'bad' } as const;

function Verdict({ verdict, at }: { verdict: AccountVerdict; at: string }) {
  const { budget, scope, measure, limit, used, asked, said, resets_at: resets } = verdict;
  const ratio = Number(limit) > 0 ? (Number(used) + Number(asked)) / Number(limit) : 0;
  const unasked = isUnasked(verdict);
  const gauge: Account = { scope, measure, limit, spent: used, held: asked, ratio };
  return (
    <li className="border-t border-line py-2.5">
      <div className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1 break-words">
          <span className="font-medium">{budget}</span>{' '}
          <span className="text-ink-3">{scopeWords(scope)}</span>
        </span>
        <Badge tone={tones[said]}>{unasked ? 'could not be asked' : saidWords[said]}</Badge>
      </div>
      <div className="mt-1.5">
        <Gauge account={gauge} slim label={`${budget}, with what was asked`} />
      </div>
      <p className="figure mt-1.5 text-ink-2">
        <span title={exactAmount(measure, used)}>{bareAmount(measure, used)} used</span> +{' '}
        <span title={exactAmount(measure, asked)}>{bareAmount(measure, asked)} asked</span> of{' '}
        {exactAmount(measure, limit)}
        {resets !== null && (
          <span className="text-ink-3" title={`${formatMoment(resets)} UTC`}>
            {' '}
            · reset {formatUntil(Date.parse(resets) - Date.parse(at))} later
          </span>
        )}
      </p>
    </li>
  );
}
