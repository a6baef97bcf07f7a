import { SnippetBox } from '../../controls/snippet-box.js';

const file = `tenant,amount,period,plan
acme,40,month,enterprise
globex,25.00,2026-10,pro`;

/** How revenue gets into the books: a margin needs two sides. */
export function RevenueHow() {
  return (
    <div className="grid gap-x-8 gap-y-4 px-4 sm:px-6 lg:grid-cols-2">
      <div className="max-w-prose space-y-2 text-ink-2">
        <p>
          What calls cost is on the books; what they bring in is not. Write who pays what into a
          file: a tenant, a user or a plan on each line, with an amount in USD and the time that it
          is for.
        </p>
        <p>
          Then give it to Farthing once. It is kept in the data directory, and saving another one
          replaces it. A file with mistakes is refused, with all of them by row.
        </p>
      </div>
      <div className="min-w-0 space-y-3">
        <SnippetBox place="revenue.csv" code={file} />
        <SnippetBox place="In a terminal" code="farthing margin --revenue revenue.csv --save" />
      </div>
    </div>
  );
}
