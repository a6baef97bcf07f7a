import { useNavigate, useParams } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useReport } from '../api/use-report.js';
import { Failure } from '../controls/failure.js';
import { carry, useView } from '../view/use-view.js';
import { ModelList } from './model-list.js';
import { ModelPrices } from './model-prices.js';
import {
  candidates,
  fetchBookedModels,
  firstListed,
  matching,
  readModelName,
  unpricedFirst,
} from './prices-report.js';

/** What the price book says about a model: rates in force, every dated row, and where each comes from. */
export function PricesPage() {
  const { provider, model } = useParams({ strict: false }) as { provider?: string; model?: string };
  const { view } = useView();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const { data, error, retry } = useReport('booked-models', [], fetchBookedModels);
  const found = unpricedFirst(matching(data ?? [], typed));
  const named = readModelName(typed);
  const [nowhere, setNowhere] = useState<string | null>(null);
  const open = async (event: FormEvent) => {
    event.preventDefault();
    setNowhere(null);
    const others = candidates(typed, data ?? []);
    const exact = found.find(({ model }) => model === typed.trim());
    const target =
      named ??
      exact ??
      (await firstListed(others, AbortSignal.timeout(10_000)).catch(() => null)) ??
      found[0];
    if (target === undefined) {
      setNowhere(
        `No price for ${typed.trim()} at ${others.map(({ provider }) => provider).join(', ')}. Write provider/model to ask another provider.`,
      );
      return;
    }
    void navigate({
      to: '/prices/$provider/$model',
      params: { provider: target.provider, model: target.model },
      search: carry(view),
    } as never);
  };
  return (
    <>
      <h1 className="pt-5 pb-4 text-lg font-semibold">Prices</h1>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
        <section className="panel px-4 py-4" aria-labelledby="models">
          <h2 id="models" className="sr-only">
            Models
          </h2>
          <form onSubmit={(event) => void open(event)} role="search" className="flex gap-2">
            <input
              type="search"
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                setNowhere(null);
              }}
              aria-label="Model, or provider/model"
              placeholder="Model, or provider/model"
              className="h-9 min-w-0 flex-1 rounded-md border border-line-strong bg-surface px-2.5 text-sm"
            />
            <button
              type="submit"
              disabled={found.length === 0 && candidates(typed, data ?? []).length === 0}
              className="h-9 rounded-md bg-accent px-3 font-semibold text-on-accent hover:opacity-90 disabled:opacity-50"
            >
              Show
            </button>
          </form>
          {nowhere !== null && (
            <p role="status" className="mt-2 text-[0.8125rem] text-warn">
              {nowhere}
            </p>
          )}
          {error && !data ? (
            <Failure what="the models" error={error} retry={retry} />
          ) : (
            <ModelList models={data === undefined ? null : found} typed={typed} named={named} />
          )}
        </section>
        {provider !== undefined && model !== undefined ? (
          <ModelPrices key={`${provider}/${model}`} name={{ provider, model }} />
        ) : (
          <section className="panel px-4 py-10 text-center text-ink-3 sm:px-6">
            Choose a model, or type any provider/model that the price book may know.
          </section>
        )}
      </div>
    </>
  );
}
