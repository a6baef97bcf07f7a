import { ViewBar } from '../shell/view-bar.js';
import { PriceSources } from './price-sources.js';
import { Unattributed } from './unattributed.js';
import { Unpriced } from './unpriced.js';

/** What keeps the books from being complete, and what to do about each. */
export function AttentionPage() {
  return (
    <>
      <h1 className="sr-only">Needs attention</h1>
      <ViewBar />
      <div className="space-y-4">
        <PriceSources />
        <Unpriced />
        <Unattributed />
      </div>
    </>
  );
}
