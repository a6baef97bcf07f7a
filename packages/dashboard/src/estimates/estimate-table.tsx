import type { ModelEstimate } from '../api/estimates-contract.js';
import { Money } from '../controls/money.js';
import { formatCount, plural } from '../figures/counts.js';
import { chartNumber, columnDigits } from '../money/usd.js';

const head = 'py-1.5 pl-3 text-right font-medium whitespace-nowrap';
const cell = 'figure py-2 pl-3 text-right align-top';

/** Models side by side, the cheapest first: what is expected, and how bad it can get. */
export function EstimateTable({ models }: { models: readonly ModelEstimate[] }) {
  const digits = columnDigits(
    models.map(({ usd }) => usd?.expected ?? null),
    1,
  );
  const most = Math.max(...models.map(({ usd }) => chartNumber(usd?.q95 ?? null)), 0);
  return (
    <table className="w-full table-fixed border-t border-line text-[0.8125rem]">
      <thead className="text-ink-3">
        <tr className="border-b border-line">
          <th scope="col" className="w-[42%] py-1.5 text-left font-medium sm:w-[26%]">
            Model
          </th>
          <th scope="col" className={`${head} hidden sm:table-cell`}>
            Input
          </th>
          <th scope="col" className={`${head} hidden sm:table-cell`}>
            Output
          </th>
          <th scope="col" className={head}>
            Expected
          </th>
          <th scope="col" className={head} title="95 in 100 such calls cost no more">
            95% below
          </th>
          <th
            scope="col"
            className={`${head} hidden md:table-cell`}
            title="The largest input that is likely, and all the output that is allowed"
          >
            At most
          </th>
          <th
            scope="col"
            className="hidden w-[24%] py-1.5 pl-6 text-left font-medium lg:table-cell"
          >
            Rests on
          </th>
        </tr>
      </thead>
      <tbody>
        {models.map((estimate) => {
          const { provider, model, input, output, usd } = estimate;
          return (
            <tr key={`${provider}/${model}`} className="border-b border-line last:border-0">
              <th scope="row" className="py-2 text-left align-top font-normal">
                <span className="block font-medium break-words">{model}</span>
                <span className="block text-xs text-ink-3">{provider ?? 'provider not known'}</span>
                {usd !== null && most > 0 && (
                  <span aria-hidden="true" className="mt-1.5 flex h-1.5 w-full max-w-48">
                    <span
                      className="block rounded-l-full bg-accent"
                      style={{ width: `${(chartNumber(usd.expected) / most) * 100}%` }}
                    />
                    <span
                      className="block rounded-r-full bg-accent opacity-30"
                      style={{
                        width: `${((chartNumber(usd.q95) - chartNumber(usd.expected)) / most) * 100}%`,
                      }}
                    />
                  </span>
                )}
              </th>
              <td className={`${cell} hidden text-ink-2 sm:table-cell`}>
                {formatCount(input.expected)}
              </td>
              <td className={`${cell} hidden text-ink-2 sm:table-cell`}>
                {formatCount(output.mean)}
              </td>
              <td className={`${cell} font-semibold`}>
                <Money usd={usd?.expected ?? null} digits={digits} reason={noPrice} />
              </td>
              <td className={cell}>
                <Money usd={usd?.q95 ?? null} digits={digits} unknown="–" reason={noPrice} />
              </td>
              <td className={`${cell} hidden text-ink-2 md:table-cell`}>
                <Money usd={usd?.bound ?? null} digits={digits} unknown="–" reason={noPrice} />
              </td>
              <td className="hidden py-2 pl-6 align-top text-ink-3 lg:table-cell">
                {basisOf(estimate)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const noPrice = 'The price book has no price per token for this model.';

const bases: Record<string, string> = {
  template: 'of the same template',
  feature: 'of the same feature',
  model: 'of the same model',
  all: 'of any kind',
};

const inputs: Record<string, string> = {
  learned: 'Input as learned',
  tokenizer: 'Input counted by a tokenizer',
  provider: 'Input counted by the provider',
};

function basisOf({ learned_calls: calls, input, output }: ModelEstimate): string {
  const inputBasis = inputs[input.method] ?? `Input by ${input.method}`;
  return calls === 0
    ? `${inputBasis}, output assumed`
    : `${inputBasis}, output as in ${plural(calls, 'call')} ${bases[output.basis] ?? output.basis}`;
}
