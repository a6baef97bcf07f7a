import type { RunFacts, RunReport, StepDifference } from '@farthing/core';
import { Money } from '../../controls/money.js';
import { formatCount } from '../../figures/counts.js';
import { chartNumber, columnDigits } from '../../money/usd.js';
import { table } from '../openable-row.js';
import { SignedBar } from '../signed-bar.js';
import { signedDigits, SignedMoney } from '../signed-money.js';
import { RunLink } from './run-link.js';

const causes: Readonly<Record<StepDifference['cause'], string>> = {
  new: 'only here',
  gone: 'only there',
  model: 'another model',
  template: 'another template',
  calls: 'number of calls',
  tokens: 'tokens in a call',
  price: 'price of a token',
  same: 'the same',
};

/** Two runs side by side, and which steps make the one dearer than the other. */
export function RunComparison({
  run,
  comparison,
}: {
  run: RunFacts;
  comparison: NonNullable<RunReport['comparison']>;
}) {
  const { run: other, steps, change_usd: change } = comparison;
  const digits = signedDigits([change, ...steps.map((step) => step.change_usd)]);
  const costs = columnDigits([run.cost_usd, other.cost_usd]);
  const most = Math.max(chartNumber(run.cost_usd), chartNumber(other.cost_usd));
  const mostChange = Math.max(...steps.map((step) => Math.abs(Number(step.change_usd))), 0);
  return (
    <section aria-label="Compared">
      <h3 className="px-4 pb-2 font-semibold sm:px-6">Compared step by step</h3>
      <dl className="space-y-1.5 px-4 pb-4 text-[0.8125rem] sm:px-6">
        {[other, run].map((each) => (
          <div
            key={each.id}
            className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 sm:grid-cols-[minmax(0,14rem)_minmax(0,1fr)_6rem]"
          >
            <dt className="truncate">
              {each === run ? (
                <span className="font-semibold">{each.id}</span>
              ) : (
                <RunLink id={each.id} kind={each.kind} against={run.id} />
              )}
            </dt>
            <dd aria-hidden="true" className="hidden h-3.5 rounded bg-sunk sm:block">
              <span
                className={`block h-full rounded-[3px] ${each === run ? 'bg-accent' : 'bg-ink-3'}`}
                style={{
                  width: most === 0 ? 0 : `max(2px, ${(chartNumber(each.cost_usd) / most) * 100}%)`,
                }}
              />
            </dd>
            <dd className="text-right font-semibold">
              <Money usd={each.cost_usd} digits={costs} />
            </dd>
          </div>
        ))}
      </dl>
      <table className="w-full border-t border-line text-[0.8125rem]">
        <thead className="border-b border-line text-ink-3">
          <tr>
            <th scope="col" className={`${table.head} text-left`}>
              Step
            </th>
            <th scope="col" className={`${table.head} hidden text-left md:table-cell`}>
              Because of
            </th>
            <th scope="col" className={`${table.head} hidden text-right sm:table-cell`}>
              Calls
            </th>
            <th scope="col" className={`${table.head} hidden text-right lg:table-cell`}>
              Tokens
            </th>
            <th scope="col" className={`${table.head} hidden w-40 lg:table-cell`}>
              <span className="sr-only">Size</span>
            </th>
            <th scope="col" className={`${table.head} text-right`}>
              Difference
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step, index) => (
            <tr key={`${index} ${step.step}`} className="border-b border-line last:border-0">
              <th scope="row" className="py-2 pr-3 pl-4 text-left align-top font-normal sm:pl-6">
                <span className="font-medium break-words">
                  {step.name_before !== null && `${step.name_before} → `}
                  {step.name}
                </span>{' '}
                <span className="text-ink-3">
                  {step.template_version_before !== null && `${step.template_version_before} → `}
                  {step.template_version}
                </span>
                <span className="block text-xs break-words text-ink-3">
                  {step.step === '' ? step.feature : step.step.replaceAll('/', ' › ')}
                  <span className="md:hidden"> · {causes[step.cause]}</span>
                </span>
              </th>
              <td className={`${table.cell} hidden text-ink-2 md:table-cell`}>
                {causes[step.cause]}
              </td>
              <td
                className={`${table.cell} figure hidden text-right whitespace-nowrap sm:table-cell`}
              >
                {formatCount(step.calls_before)} → {formatCount(step.calls)}
              </td>
              <td
                className={`${table.cell} figure hidden text-right whitespace-nowrap text-ink-2 lg:table-cell`}
              >
                {formatCount(step.tokens_before)} → {formatCount(step.tokens)}
              </td>
              <td className={`${table.cell} hidden lg:table-cell`}>
                <SignedBar share={mostChange === 0 ? 0 : Number(step.change_usd) / mostChange} />
              </td>
              <td className={`${table.cell} text-right font-semibold`}>
                <SignedMoney usd={step.change_usd} digits={digits} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
