import type { ModelName } from '@farthing/core';
import { useState } from 'react';
import { fetchPrices } from '../api/contract.js';
import { useReport } from '../api/use-report.js';
import { Failure } from '../controls/failure.js';
import { Loading, Skeleton } from '../controls/skeleton.js';
import { NoPrice } from './no-price.js';
import { PriceRows } from './price-rows.js';
import { isNoPrice, matchOf } from './prices-report.js';
import { RatesTable } from './rates-table.js';

/** One model: its rates on a day, and the dated rows that they come from. */
export function ModelPrices({ name }: { name: ModelName }) {
  const [day, setDay] = useState('');
  const { data, error, outdated, retry } = useReport('prices', [name, day], (_now, signal) =>
    fetchPrices(name, day === '' ? null : `${day}T12:00:00.000Z`, signal),
  );
  return (
    <section
      aria-labelledby="model-prices"
      className={`panel px-4 py-5 sm:px-6 ${outdated ? 'outdated' : ''}`}
    >
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 id="model-prices" className="text-base font-semibold break-words">
            {name.model}
          </h2>
          <p className="text-ink-2">
            {name.provider}
            {data && <span className="text-ink-3">. {matchOf(data)}</span>}
          </p>
        </div>
        <label className="text-[0.8125rem] text-ink-2">
          Prices on
          <input
            type="date"
            value={day}
            onChange={(event) => setDay(event.target.value)}
            className="ml-2 h-8 rounded-md border border-line-strong bg-surface px-2"
          />
        </label>
      </div>
      {isNoPrice(error) ? (
        <NoPrice name={name} />
      ) : error ? (
        <Failure what="the prices of this model" error={error} retry={retry} />
      ) : !data ? (
        <div className="mt-5 space-y-3">
          <Loading what="the prices" />
          <Skeleton className="block h-32 w-full" />
        </div>
      ) : (
        <>
          {data.contract !== undefined && (
            <p className="mt-4 rounded-md border border-warn-line bg-warn-soft px-3 py-2 text-[0.8125rem] text-warn">
              {data.contract}
            </p>
          )}
          <div className="mt-5">
            <RatesTable view={data} />
          </div>
          {data.aliases.length > 0 && (
            <p className="mt-4 text-[0.8125rem] text-ink-3">
              Also priced like this: {data.aliases.join(', ')}
            </p>
          )}
          <div className="mt-6">
            <PriceRows rows={data.rows} />
          </div>
        </>
      )}
    </section>
  );
}
