/** How many causes are listed: first, and when more are asked for. */
export const causeCounts = ['8', '50'] as const;
