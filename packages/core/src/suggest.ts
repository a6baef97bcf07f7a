/**
 * The candidate that a mistyped word most likely means, or null when none is close. Close is at most
 * one edit (insert, delete, replace, swap neighbours) for each three letters, or a shared beginning.
 */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const wanted = normalise(word);
  if (wanted === '') return null;
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, normalise(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  if (bestDistance <= Math.max(1, Math.ceil(wanted.length / 3))) return best;
  return (
    candidates.find((candidate) => wanted.length >= 3 && normalise(candidate).startsWith(wanted)) ??
    null
  );
}

/** ` Did you mean "cost"?` with its leading blank, or nothing: for the end of an error message. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const suggestion = nearest(word, candidates);
  return suggestion === null ? '' : ` Did you mean "${suggestion}"?`;
}

function normalise(word: string): string {
  return word.toLowerCase().replaceAll(/[\s-]/g, '_').slice(0, 64);
}

/** Optimal string alignment: Levenshtein with swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        last[column]! + 1,
        current[column - 1]! + 1,
        last[column - 1]! + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, beforeLast[column - 2]! + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}
