import { ViewBar } from '../shell/view-bar.js';
import { Drift } from './drift-report.js';
import { PromptAudit } from './prompt-audit.js';
import { WhatWouldItCost } from './what-would-it-cost.js';

/** What calls are expected to cost before they are made, how well that was foreseen, and what makes inputs large. */
export function EstimatesPage() {
  return (
    <>
      <h1 className="sr-only">Estimates</h1>
      <ViewBar />
      <div className="space-y-4">
        <Drift />
        <PromptAudit />
        <WhatWouldItCost />
      </div>
    </>
  );
}
