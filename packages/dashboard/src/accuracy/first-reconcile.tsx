import { SnippetBox } from '../controls/snippet-box.js';

/** Nothing has been compared yet: why one would, and how. */
export function FirstReconcile() {
  return (
    <section className="panel px-4 py-6 sm:px-6" aria-labelledby="first-reconcile">
      <h2 id="first-reconcile" className="text-base font-semibold">
        Nothing has been reconciled yet
      </h2>
      <p className="mt-1 max-w-[44rem] text-ink-2">
        A reconciliation lines the ledger up with the provider’s own usage and cost reports, day by
        day and model by model, names why they differ, and says how much nobody can explain. The key
        is read from the environment and never stored.
      </p>
      <div className="mt-5 grid grid-cols-[minmax(0,1fr)] gap-3 lg:grid-cols-2">
        <SnippetBox
          place="OpenAI, with an admin key"
          code={`export OPENAI_ADMIN_KEY=sk-admin-…\nfarthing reconcile --provider openai --since 7d`}
        />
        <SnippetBox
          place="Anthropic, with an admin key"
          code={`export ANTHROPIC_ADMIN_KEY=sk-ant-admin…\nfarthing reconcile --provider anthropic --since 7d`}
        />
        <SnippetBox
          place="Google, AWS, Azure: from a billing export"
          code={`farthing reconcile --provider google --since 7d \\\n  --costs billing-export.csv --format google-billing`}
        />
        <SnippetBox
          place="Every morning, over the last three days"
          code={`15 6 * * *  farthing reconcile --provider openai --since 3d`}
        />
      </div>
    </section>
  );
}
