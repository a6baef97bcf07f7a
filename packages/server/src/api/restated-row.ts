import {
  formatUsd,
  parseUsdRounded,
  type CallRow,
  type CostStatus,
  type Entry,
} from '@farthing/core';

/** What a call costs by what is known now, and how many adjustments that rests on. */
export interface RestatedRow {
  /** Exact decimal USD; null is unknown, for the reason that the status gives. */
  cost_usd: string | null;
  cost_status: CostStatus;
  adjustments: number;
}

/**
 * The cost of a call after its adjustments: the sum of their rows, and the status that the last of them
 * gave it, which stands in its journalled entry only (a row repeats the status that the call was booked
 * with). Null where nothing was adjusted, or where that entry is no longer retained.
 */
export function restatedRow(
  call: CallRow,
  adjustments: readonly { row: CallRow; entry: Entry | undefined }[],
): RestatedRow | null {
  const last = adjustments
    .map(({ entry }) => entry?.adjusts)
    .reduce(
      (latest, each) => ((each?.number ?? 0) > (latest?.number ?? 0) ? each : latest),
      undefined,
    );
  if (last === undefined || last.number < adjustments.length) return null;
  const amounts = [call, ...adjustments.map(({ row }) => row)].flatMap(
    ({ cost_usd: usd }) => usd ?? [],
  );
  return {
    cost_usd:
      last.usd_after === null
        ? null
        : formatUsd(amounts.reduce((sum, usd) => sum + parseUsdRounded(usd), 0n)),
    cost_status: last.status_after,
    adjustments: adjustments.length,
  };
}
