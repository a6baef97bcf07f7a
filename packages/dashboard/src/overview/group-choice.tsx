import type { Dimension } from '@farthing/core';
import { fetchDimensions } from '../api/contract.js';
import { useReport } from '../api/use-report.js';
import { Choice } from '../controls/choice.js';
import { dimensionLabel, isDimension } from '../view/dimensions.js';
import { useView } from '../view/use-view.js';
import { windowOf } from '../view/window.js';

/** Always on offer; tags that a team sets itself join them once a call carries one. */
const usual: Dimension[] = [
  'feature',
  'model',
  'provider',
  'tenant',
  'segment',
  'agent',
  'environment',
  'template_version',
  'user',
];

/** What the chart and the table are grouped by. */
export function GroupChoice() {
  const { view, change } = useView();
  const { data } = useReport('dimensions', [view.window], (now, signal) =>
    fetchDimensions(windowOf(view.window, now), signal),
  );
  const further = (data?.dimensions ?? [])
    .filter(({ name, kind, has_data }) => has_data && (kind !== 'call' || name === 'api'))
    .map(({ name }) => name)
    .filter(isDimension);
  const offered = [...new Set<Dimension>([...usual, ...further, view.group])];
  return (
    <Choice
      label="Group by"
      value={view.group}
      options={offered.map((dimension) => ({
        value: dimension,
        label: `by ${dimension.startsWith('tag:') ? dimension.slice(4) : dimensionLabel(dimension).toLowerCase().replace('api', 'API')}`,
      }))}
      onChange={(group) => change({ group })}
    />
  );
}
