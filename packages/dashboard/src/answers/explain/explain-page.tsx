import type { AnswerFrame } from '@farthing/core';
import { AnswerPanel } from '../answer-panel.js';
import { useAnswer } from '../use-answer.js';

interface Answer {
  frame: AnswerFrame;
  summary: string;
}

export function ExplainPage() {
  const report = useAnswer<Answer>('explain');
  return (
    <AnswerPanel
      title="Why spend changed"
      what="why spend changed"
      report={report}
      sentence={(data) => data.summary}
    >
      {() => null}
    </AnswerPanel>
  );
}
