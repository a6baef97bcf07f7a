import type { UnpricedModel } from '../api/contract.js';
import { SnippetBox } from '../controls/snippet-box.js';

const builtIn = new Set(['openai', 'anthropic', 'google', 'gemini']);

/** What to write so that a provider of one's own is priced; and how to see all that is not. */
export function PriceSnippets({ models }: { models: readonly UnpricedModel[] }) {
  const own = models.find(({ provider }) => provider !== null && !builtIn.has(provider));
  const name = own?.provider ?? 'my-provider';
  return (
    <div className="mt-3 space-y-3">
      {own && (
        <SnippetBox
          place="farthing.yaml"
          code={`providers:
  ${name}:
    base_url: http://…   # as it is now
    # a provider in the price book
    # that sells the same models:
    price_as: groq`}
        />
      )}
      <SnippetBox place="Terminal: all models without a price" code="farthing doctor" />
    </div>
  );
}
