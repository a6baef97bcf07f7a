import type { WhatIf } from '@farthing/core';
import { useEffect, useRef } from 'react';
import { useLocation } from '@tanstack/react-router';
import { useChoices } from '../../view/use-choices.js';
import { AnswerPanel } from '../answer-panel.js';
import { Sentence } from '../sentence.js';
import { useAnswer } from '../use-answer.js';
import { BatchPanel, SubstitutionPanel } from './candidates.js';
import { scenarioFields, scenarioParameters, type ScenarioChoices } from './scenario.js';
import { ScenarioForm } from './scenario-form.js';
import { WhatIfResult } from './what-if-result.js';

/** What would save: found in the books, and worked out for whatever a reader wants to know. */
export function SavingsPage() {
  const [chosen, choose] = useChoices(scenarioFields);
  const asked = Object.keys(chosen).length > 0;
  const place = useRef<HTMLDivElement>(null);
  const hash = useLocation({ select: (location) => location.hash });
  const scenario = JSON.stringify(chosen);
  useEffect(() => {
    if (hash === 'what-if') place.current?.scrollIntoView({ block: 'start' });
  }, [hash, scenario]);
  return (
    <>
      <SubstitutionPanel />
      <BatchPanel />
      <div id="what-if" ref={place} className="scroll-mt-16 space-y-4">
        <section aria-labelledby="what-if-title" className="panel py-5">
          <h2 id="what-if-title" className="px-4 pb-3 text-base font-semibold sm:px-6">
            What if …
          </h2>
          <ScenarioForm chosen={chosen} choose={choose} />
          <p className="mt-1 px-4 text-[0.8125rem] text-ink-3 sm:px-6">
            For the calls of the window and the filters above. Everything left out stays as it was.
          </p>
        </section>
        {asked && <ScenarioPanel chosen={chosen} />}
      </div>
    </>
  );
}

function ScenarioPanel({ chosen }: { chosen: ScenarioChoices }) {
  const report = useAnswer<WhatIf>('whatif', scenarioParameters(chosen));
  return (
    <AnswerPanel
      title="What it would have cost"
      what="the scenario"
      report={report}
      sentence={(data) => <Sentence text={data.summary} />}
    >
      {(answer) => <WhatIfResult answer={answer} />}
    </AnswerPanel>
  );
}
