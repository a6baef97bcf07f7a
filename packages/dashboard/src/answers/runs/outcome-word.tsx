import { Badge } from '../../controls/badge.js';

/** What became of a run; nothing where nobody said. An application's own word stands as it is. */
export function OutcomeWord({ outcome }: { outcome: string | null }) {
  if (outcome === null) return <span className="text-ink-3">–</span>;
  const tone = outcome === 'success' ? 'good' : outcome === 'failure' ? 'bad' : 'calm';
  return <Badge tone={tone}>{outcome}</Badge>;
}
