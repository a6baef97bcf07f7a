import type { AnswerFrame } from '@farthing/core';
import { AnswerPanel } from '../answer-panel.js';
import { useAnswer } from '../use-answer.js';

interface Answer {
  frame: AnswerFrame;
  summary: string;
}

export function OutliersPage() {
  const report = useAnswer<Answer>('outliers');
  return (
    <AnswerPanel
      title="Calls that cost far more than their peers"
      what="the outliers"
      report={report}
      sentence={(data) => data.summary}
    >
      {() => null}
    </AnswerPanel>
  );
}
