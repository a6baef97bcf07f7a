import type { CacheModelRow, CacheReport } from '@farthing/core';
import { Choice } from '../../controls/choice.js';
import { Money } from '../../controls/money.js';
import { formatCount, formatShare, plural } from '../../figures/counts.js';
import { useChoiceText } from '../../view/use-choice.js';
import { AnswerPanel } from '../answer-panel.js';
import { KeyFigures } from '../key-figures.js';
import { Sentence } from '../sentence.js';
import { SignedMoney } from '../signed-money.js';
import { useAnswer } from '../use-answer.js';
import { CacheTable } from './cache-table.js';

const standard = 'feature,template_version';
const groups = [
  { value: standard, label: 'by feature and template' },
  { value: 'feature', label: 'by feature' },
  { value: 'model', label: 'by model' },
  { value: 'provider', label: 'by provider' },
  { value: 'tenant', label: 'by tenant' },
];

/** What prompt caches return after what writing to them costs, and what another setting would save. */
export function CachePage() {
  const [chosen, choose] = useChoiceText('by');
  const by = chosen ?? standard;
  const report = useAnswer<CacheReport>('cache', { by });
  return (
    <AnswerPanel
      title="What the prompt cache returns"
      what="the cache"
      report={report}
      sentence={(data) => <Sentence text={data.summary} />}
      controls={
        <Choice
          label="Group"
          value={by}
          options={
            groups.some(({ value }) => value === by)
              ? groups
              : [...groups, { value: by, label: `by ${by}` }]
          }
          onChange={(value) => choose(value === standard ? null : value)}
        />
      }
    >
      {(data) => (
        <>
          {data.rows.length > 0 && (
            <div className="px-4 pb-5 sm:px-6">
              <KeyFigures
                figures={[
                  {
                    label: 'Net return, after writing',
                    value:
                      data.net_usd === null ? (
                        <Money usd={null} />
                      ) : (
                        <SignedMoney usd={data.net_usd} plain />
                      ),
                  },
                  { label: 'Of the input read from caches', value: formatShare(data.hit_ratio) },
                  ...(data.rows.some(({ models }) => models.some(wasTried))
                    ? [
                        {
                          label: 'Advised settings would have saved',
                          value: <Money usd={data.saves_usd} />,
                          note: sampleWords(data.sample),
                        },
                      ]
                    : []),
                ]}
              />
            </div>
          )}
          <CacheTable report={data} />
          {data.truncated && (
            <p className="px-4 pt-3 text-[0.8125rem] text-ink-3 sm:px-6">
              There are more groups than are shown. Filter for those that you look for.
            </p>
          )}
        </>
      )}
    </AnswerPanel>
  );
}

const wasTried = ({ settings }: CacheModelRow) => settings.length > 0;

/** What other settings were tried on. */
function sampleWords({ calls, of_calls: all, is_whole: whole }: CacheReport['sample']): string {
  return whole
    ? `from ${plural(calls, 'call')} with a fingerprint, of ${formatCount(all)}`
    : `from a sample of ${formatCount(calls)} of ${plural(all, 'call')}`;
}
