import type { AnswerFrame } from '@farthing/core';
import { AnswerPanel } from '../answer-panel.js';
import { useAnswer } from '../use-answer.js';

interface Answer {
  frame: AnswerFrame;
  summary: string;
}

export function TemplatesPage() {
  const report = useAnswer<Answer>('templates');
  return (
    <AnswerPanel
      title="Templates against the version before"
      what="the templates"
      report={report}
      sentence={(data) => data.summary}
    >
      {() => null}
    </AnswerPanel>
  );
}
