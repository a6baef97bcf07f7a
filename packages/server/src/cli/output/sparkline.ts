const blocks = '▁▂▃▄▅▆▇█';

/**
 * Figures as a line of blocks, one for each, from nothing to the largest; a blank where a figure is null.
 * Above `most` every block is full: one outlier must not flatten the rest.
 */
export function sparkline(figures: readonly (number | null)[], most: number): string {
  return figures
    .map((figure) => {
      if (figure === null) return ' ';
      if (!(figure > 0) || !(most > 0)) return blocks[0]!;
      return blocks[Math.min(blocks.length - 1, Math.floor((figure / most) * blocks.length))]!;
    })
    .join('');
}
