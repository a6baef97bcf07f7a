import type { ReconciledModel } from '@farthing/core';
import { Money } from '../controls/money.js';
import { columnDigits, parseUsd } from '../money/usd.js';
import { formatAccuracy } from './accuracy-report.js';

const head = 'py-1.5 pl-3 font-medium whitespace-nowrap';

/** Both sides model by model, the largest first. */
export function ModelTable({ models }: { models: readonly ReconciledModel[] }) {
  const digits = columnDigits(models.map(({ difference_usd: usd }) => usd.replace('-', '')));
  return (
    <div>
      <h3 className="mb-2 text-[0.8125rem] font-medium text-ink-2">Model by model</h3>
      <table className="figure w-full table-fixed border-t border-line text-[0.8125rem]">
        <thead className="text-ink-3">
          <tr className="border-b border-line">
            <th scope="col" className="w-[44%] py-1.5 text-left font-medium sm:w-[40%]">
              Model
            </th>
            <th scope="col" className={`${head} text-right`}>
              Provider
            </th>
            <th scope="col" className={`${head} hidden text-right sm:table-cell`}>
              Provider − ledger
            </th>
            <th scope="col" className={`${head} text-right`}>
              Accuracy
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={model.model ?? '\0'} className="border-b border-line last:border-0">
              <th
                scope="row"
                className="truncate py-1.5 text-left font-normal"
                title={model.model ?? ''}
              >
                {model.model ?? <span className="text-ink-2 italic">No model</span>}
              </th>
              <td className="py-1.5 pl-3 text-right">
                <Money usd={model.provider_usd} />
              </td>
              <td className="hidden py-1.5 pl-3 text-right sm:table-cell">
                {parseUsd(model.difference_usd) > 0n && '+'}
                <Money usd={model.difference_usd} digits={digits} />
              </td>
              <td className="py-1.5 pl-3 text-right font-semibold">
                {formatAccuracy(model.accuracy)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
