import type { Account, Budget } from '../api/budgets-contract.js';
import { Badge } from '../controls/badge.js';
import { formatShare, plural } from '../figures/counts.js';
import { formatMoment } from '../figures/times.js';
import { Accounts } from './accounts.js';
import { BudgetActions } from './budget-actions.js';
import {
  accountWords,
  actionsWords,
  amountWords,
  bareAmount,
  callWords,
  exactAmount,
  formatUntil,
  isForEach,
  isRolling,
  scopeWords,
  windowWords,
} from './budget-words.js';
import { Gauge } from './gauge.js';
import { gaugesOf, levelOf } from './gauge-report.js';
import { expectedShare } from './outlook.js';
import { OutlookWords } from './outlook-words.js';
import { useOutlook } from './use-outlook.js';

/** One budget: whose calls, how full it is, where it is going, and what happens then. */
export function BudgetLine({
  budget,
  now,
  refused,
  unasked,
}: {
  budget: Budget;
  now: number;
  /** Calls that it refused lately. */
  refused: number;
  /** Whether its balance could not be asked just now. */
  unasked: boolean;
}) {
  const { name, scope, limit } = budget;
  const gauges = gaugesOf(budget);
  const limited = Object.keys(limit).length > 0;
  const each = isForEach(budget);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-3 border-t border-line px-4 py-5 sm:px-6 lg:grid-cols-[minmax(0,19rem)_minmax(0,1fr)] xl:grid-cols-[minmax(0,22rem)_minmax(0,1fr)_13rem]">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <h3 className="text-sm font-semibold break-words">{name}</h3>
          <State budget={budget} />
          {unasked && <Badge tone="bad">Balance not reachable</Badge>}
          {refused > 0 && (
            <Badge tone="bad" title={`${plural(refused, 'call')} refused in the last 5 minutes`}>
              {plural(refused, 'call')} refused lately
            </Badge>
          )}
        </div>
        <p className="mt-0.5 break-words text-ink-2">
          {scopeWords(scope)}
          {limited && (
            <>
              , <span className="figure">{limitsWords(budget)}</span>
            </>
          )}
        </p>
        {limited && (
          <p className="mt-0.5 text-[0.8125rem] text-ink-3">
            <Reset budget={budget} now={now} />
          </p>
        )}
        {limited && <p className="mt-2 text-[0.8125rem] text-ink-2">{policyWords(budget)}</p>}
      </div>
      <div className="min-w-0 space-y-3.5">
        {!limited && <p className="max-w-[36rem] text-ink-2">{policyWords(budget)}</p>}
        {gauges.map((account) => (
          <Measure
            key={account.measure}
            budget={budget}
            account={account}
            now={now}
            of={
              each && gauges[0] === account && budget.account_count > 0
                ? accountWords(account.scope, scope)
                : null
            }
          />
        ))}
        {each && <Accounts budget={budget} />}
      </div>
      <div className="lg:col-start-2 xl:col-start-3">
        <BudgetActions budget={budget} />
      </div>
    </li>
  );
}

/** What happens to a call that does not fit. */
function policyWords(budget: Budget): string {
  const { paused, limit } = budget;
  const limited = Object.keys(limit).length > 0;
  if (paused) return 'Paused: it goes on counting, and refuses nothing.';
  const actions = lower(actionsWords(budget));
  return [
    limited ? `When full: ${actions}.` : '',
    callWords(budget),
    limited ? '' : `Above: ${actions}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function limitsWords({ limit, window }: Budget): string {
  const amounts = (['usd', 'tokens', 'calls'] as const).flatMap((measure) => {
    const amount = limit[measure];
    return amount === undefined ? [] : [amountWords(measure, amount)];
  });
  return `${amounts.join(' and ')} ${windowWords(window)}`;
}

function Measure({
  budget,
  account,
  now,
  of,
}: {
  budget: Budget;
  account: Account;
  now: number;
  /** Whose it is, of a budget for each. */
  of: string | null;
}) {
  const outlook = useOutlook(budget, account);
  const { measure, spent, held, limit, ratio } = account;
  const left = budget.paused ? 'calm' : levelOf(ratio, budget.soft);
  return (
    <div>
      <div className="mb-1.5 flex flex-wrap items-baseline gap-x-2">
        <span
          className="figure text-base font-semibold tracking-[-0.01em]"
          title={exactAmount(measure, spent)}
        >
          {bareAmount(measure, spent)}
        </span>
        <span className="figure text-[0.8125rem] text-ink-2">
          {Number(held) > 0 && (
            <span title={`${exactAmount(measure, held)} held for calls that run`}>
              + {bareAmount(measure, held)} held{' '}
            </span>
          )}
          of {amountWords(measure, limit)}
        </span>
        {of !== null && (
          <span className="min-w-0 truncate text-[0.8125rem] text-ink-3" title={of}>
            {of}, the fullest
          </span>
        )}
        <span
          className={`figure ml-auto text-[0.8125rem] font-semibold ${left === 'full' ? 'text-bad' : left === 'soft' ? 'text-warn' : 'text-ink-2'}`}
        >
          {formatShare(ratio)}
        </span>
      </div>
      <Gauge
        account={account}
        soft={budget.soft}
        paused={budget.paused}
        label={`Budget ${budget.name}${of === null ? '' : `, ${of}`}`}
        expectedShare={expectedShare(outlook)}
      />
      <p className="figure mt-1.5 min-h-[1.2rem] text-[0.8125rem] text-ink-3">
        <OutlookWords budget={budget} account={account} outlook={outlook} now={now} />
      </p>
    </div>
  );
}

/** What is not as always. */
function State({ budget }: { budget: Budget }) {
  const { paused, raised, ratio, soft, origin } = budget;
  const level = levelOf(ratio, soft);
  return (
    <>
      {paused ? (
        <Badge tone="calm">Paused</Badge>
      ) : level === 'full' ? (
        <Badge tone="bad">Used up</Badge>
      ) : level === 'soft' ? (
        <Badge tone="warn">Nearly used up</Badge>
      ) : null}
      {raised !== null && (
        <Badge tone="good" title={`by ${raised.by}`}>
          Raised{raised.until === null ? '' : ` until ${formatMoment(raised.until)}`}
        </Badge>
      )}
      {origin.from === 'change' && (
        <Badge
          tone="calm"
          title={`Set by ${origin.by} on ${formatMoment(origin.at)} UTC; farthing.yaml has it not, or otherwise`}
        >
          Set by {origin.by}
        </Badge>
      )}
    </>
  );
}

function Reset({ budget: { window, resets_at: at }, now }: { budget: Budget; now: number }) {
  if (isRolling(window)) return <>Rolling: what is older is forgotten bit by bit</>;
  if (at === null) return <>Never resets</>;
  return (
    <>
      Resets in <span className="figure">{formatUntil(Date.parse(at) - now)}</span>, on{' '}
      <time dateTime={at} className="figure">
        {formatMoment(at)}
      </time>{' '}
      UTC
    </>
  );
}
