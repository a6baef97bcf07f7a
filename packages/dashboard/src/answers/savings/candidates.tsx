import type { Batchable, Substitutions } from '@farthing/core';
import { Badge } from '../../controls/badge.js';
import { valueLabel } from '../../view/dimensions.js';
import { carry, useView } from '../../view/use-view.js';
import type { View } from '../../view/view.js';
import { AnswerPanel } from '../answer-panel.js';
import { scaleOf } from '../range-bar.js';
import { Sentence } from '../sentence.js';
import { useAnswer } from '../use-answer.js';
import { perMonth } from './per-month.js';
import { SavingItem } from './saving-item.js';

/** Features that a cheaper model might serve as well. */
export function SubstitutionPanel() {
  const { view } = useView();
  const report = useAnswer<Substitutions>('substitutions');
  return (
    <AnswerPanel
      title="Cheaper models"
      what="the candidates"
      report={report}
      sentence={(data) => <Sentence text={headline(data.summary)} />}
    >
      {({ candidates }) => {
        const months = candidates.map((each) =>
          perMonth(each.savings_usd, each.monthly_savings_usd),
        );
        const scale = scaleOf(months.flatMap((month) => month ?? []));
        return (
          <ul className="-mb-4">
            {candidates.map((each, index) => (
              <SavingItem
                key={`${each.feature} ${each.from.model} ${each.to.model}`}
                name={
                  <>
                    {valueLabel('feature', each.feature)}: {each.from.model} → {each.to.model}
                  </>
                }
                badge={
                  <Badge
                    tone="calm"
                    title={
                      each.basis === 'task'
                        ? 'By what the feature does'
                        : 'By what its answers are like'
                    }
                  >
                    {each.basis === 'task' && each.task !== null
                      ? `task: ${each.task}`
                      : 'found in the data'}
                  </Badge>
                }
                month={months[index] ?? null}
                scale={scale}
                sentence={each.sentence}
                signs={[]}
                risks={each.risks}
                command={each.command}
                tryOut={scenarioLink(view, each.feature, {
                  as_model: `${each.to.provider}/${each.to.model}`,
                })}
              />
            ))}
          </ul>
        );
      }}
    </AnswerPanel>
  );
}

/** Work that nobody seems to wait for. */
export function BatchPanel() {
  const { view } = useView();
  const report = useAnswer<Batchable>('batchable');
  return (
    <AnswerPanel
      title="Work for batches"
      what="what could be batched"
      report={report}
      sentence={(data) => <Sentence text={headline(data.summary)} />}
    >
      {({ work }) => {
        const months = work.map((each) => perMonth(each.savings_usd, each.monthly_savings_usd));
        const scale = scaleOf(months.flatMap((month) => month ?? []));
        return (
          <ul className="-mb-4">
            {work.map((each, index) => (
              <SavingItem
                key={each.feature ?? ''}
                name={valueLabel('feature', each.feature)}
                badge={
                  <Badge
                    tone={each.confidence === 'likely' ? 'good' : 'calm'}
                    title={
                      each.confidence === 'likely'
                        ? 'It comes at certain times'
                        : 'It comes all day long'
                    }
                  >
                    {each.confidence}
                  </Badge>
                }
                month={months[index] ?? null}
                scale={scale}
                sentence={each.sentence}
                signs={each.signs}
                risks={each.risks}
                command={each.command}
                tryOut={scenarioLink(view, each.feature, { batch: 'true' })}
              />
            ))}
          </ul>
        );
      }}
    </AnswerPanel>
  );
}

/** The first sentence: what follows stands with each candidate. */
const headline = (summary: string): string => /^.*?[.!](?= |$)/.exec(summary)?.[0] ?? summary;

/** This page for one feature and scenario. */
const scenarioLink = (view: View, feature: string | null, choices: View['choices']) =>
  carry(view, {
    choices,
    filters: [
      ...view.filters.filter(({ dimension }) => dimension !== 'feature'),
      { dimension: 'feature', op: 'in', values: [feature] },
    ],
  });
