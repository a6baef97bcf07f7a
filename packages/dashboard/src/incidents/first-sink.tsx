import { SnippetBox } from '../controls/snippet-box.js';

/** Nobody is told outside of this page: the lines that change it. */
export function FirstSink() {
  return (
    <div className="px-4 pb-5 text-[0.8125rem] sm:px-6">
      <p className="mb-3 max-w-[44rem] text-ink-2">
        Nobody yet: incidents stand on this page and in <code>farthing incidents</code>. A sink
        tells Slack, PagerDuty, Alertmanager, a mailbox or a URL of yours.
      </p>
      <div className="max-w-2xl">
        <SnippetBox
          place="farthing.yaml, then restart"
          code={
            'alerts:\n  sinks:\n    - name: ops\n      type: slack\n      url: ${SLACK_WEBHOOK_URL}'
          }
        />
      </div>
    </div>
  );
}
