/** How the tables of answers are set: figures to the right, their heads with them. */
export const headClass = 'py-1.5 pl-4 text-right font-medium whitespace-nowrap';
export const cellClass = 'figure py-2 pl-4 text-right align-top whitespace-nowrap';
export const nameClass = 'py-2 text-left align-top font-medium break-words';
