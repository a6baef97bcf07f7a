import { WhatWouldItCost } from './what-would-it-cost.js';

/** What calls are expected to cost before they are made, and how well that was foreseen. */
export function EstimatesPage() {
  return (
    <>
      <h1 className="pt-5 pb-4 text-lg font-semibold">Estimates</h1>
      <div className="space-y-4">
        <WhatWouldItCost />
      </div>
    </>
  );
}
