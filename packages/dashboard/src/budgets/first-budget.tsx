import { SnippetBox } from '../controls/snippet-box.js';

/** There is no budget: what one is for, and three ways to the first. */
export function FirstBudget() {
  return (
    <div className="border-t border-line px-4 py-6 sm:px-6">
      <h3 className="font-semibold">There is no budget yet</h3>
      <p className="mt-1 max-w-[44rem] text-ink-2">
        A budget says what calls may take: of a feature, of each user, of everything. The gateway
        asks it before a call leaves and holds what the call may take, so that calls that run at the
        same time cannot overspend together. A call that does not fit takes a cheaper model, is made
        shorter, or is refused, as you choose.
      </p>
      <div className="mt-5 grid grid-cols-[minmax(0,1fr)] gap-3 lg:grid-cols-2">
        <SnippetBox
          place="farthing.yaml, then restart"
          code={`budgets:\n  - name: each user\n    scope: { user: '*' }\n    limit: 5.00\n    window: day\n    actions: [downgrade, block]\n    downgrade: [gpt-5.4, gpt-5.4-mini]`}
        />
        <SnippetBox
          place="Or in a terminal: holds within two seconds"
          code={`farthing budgets set "each user" \\\n  --scope 'user=*' --limit 5 --window day \\\n  --action downgrade --action block \\\n  --downgrade gpt-5.4,gpt-5.4-mini`}
        />
      </div>
    </div>
  );
}
