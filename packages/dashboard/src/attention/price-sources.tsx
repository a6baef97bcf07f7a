import type { PriceSourceStatus } from '@farthing/core';
import { useStatus } from '../api/use-status.js';
import { CopyButton } from '../controls/copy-button.js';
import { formatMoment } from '../figures/times.js';

const kinds: Record<PriceSourceStatus['kind'], string> = {
  base: 'Published list',
  overlay: 'Farthing’s corrections',
  file: 'Price file',
  url: 'Price list from a URL',
  own: 'Prices set by command',
  config: 'farthing.yaml',
};

/** Sources of prices that something is wrong with. Says nothing while all are well. */
export function PriceSources() {
  const { data: status } = useStatus();
  const book = status?.prices;
  const troubled = book?.sources.filter(({ state }) => state !== 'ok') ?? [];
  if (book === undefined || (troubled.length === 0 && book.problem === null)) return null;
  return (
    <section aria-labelledby="price-sources" className="panel px-4 py-5 sm:px-6">
      <h2 id="price-sources" className="text-base font-semibold">
        Prices that could not be refreshed
      </h2>
      <p className="mt-1 max-w-[44rem] text-ink-2">
        Calls are priced with the last good prices meanwhile. What is priced wrongly for that can be
        repriced later.
      </p>
      {book.problem !== null && (
        <p className="mt-3 rounded-md border border-warn-line bg-warn-soft px-3 py-2 text-[0.8125rem] text-warn">
          {book.problem}
        </p>
      )}
      <ul className="mt-4 border-t border-line text-[0.8125rem]">
        {troubled.map((source) => (
          <SourceLine key={`${source.kind} ${source.name}`} source={source} />
        ))}
      </ul>
    </section>
  );
}

function SourceLine({ source }: { source: PriceSourceStatus }) {
  const command = `farthing prices refresh${source.acceptable ? ' --accept' : ''}`;
  return (
    <li className="flex flex-wrap items-start gap-x-6 gap-y-2 border-b border-line py-3 last:border-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-medium break-words">
          {kinds[source.kind]}: {source.name}
        </p>
        <p className="mt-0.5 break-words text-warn">{source.problem}</p>
        <p className="mt-0.5 text-ink-3">
          {source.state === 'failed'
            ? 'Nothing of it is in use.'
            : `${source.rows} rows of ${source.loaded_at === null ? 'an earlier version' : formatMoment(source.loaded_at)} stay in use.`}
          {source.problem_since !== null && ` Since ${formatMoment(source.problem_since)} UTC.`}
        </p>
      </div>
      <div className="flex items-center gap-2">
        <code className="font-mono text-xs text-ink-2">{command}</code>
        <CopyButton text={command} />
      </div>
    </li>
  );
}
