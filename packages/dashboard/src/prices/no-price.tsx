import type { ModelName } from '@farthing/core';
import { fetchMissing } from '../attention/attention-report.js';
import { Remedy } from '../attention/unpriced-line.js';
import { useReport } from '../api/use-report.js';
import { SnippetBox } from '../controls/snippet-box.js';
import { plural } from '../figures/counts.js';

const lately = { window: { kind: 'preset', preset: '30d' } } as const;

/** The price book has no such model: how many calls wait for a price, and what would give them one. */
export function NoPrice({ name: { provider, model } }: { name: ModelName }) {
  const { data } = useReport('unpriced', [lately.window], (now, signal) =>
    fetchMissing(lately, now, signal),
  );
  const price = data?.find((each) => each.provider === provider && each.model === model);
  return (
    <div className="mt-5 text-[0.8125rem]">
      <p className="rounded-md border border-warn-line bg-warn-soft px-3 py-2 text-warn">
        The price book has no price for this model.
        {price !== undefined && ` Without one in the last 30 days: ${plural(price.calls, 'call')}.`}
      </p>
      <div className="mt-4">
        {price !== undefined ? (
          <Remedy price={price} open />
        ) : (
          <SnippetBox
            place="Terminal: your own price, in USD per million tokens"
            code={`farthing prices set --provider ${provider} --model ${model} \\\n  --input RATE --output RATE`}
          />
        )}
      </div>
    </div>
  );
}
