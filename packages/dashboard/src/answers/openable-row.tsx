import { useId, useState, type ReactNode } from 'react';
import { ChevronRight } from '../controls/icons.js';

/** The classes of a table's cells, so that the tables of all answers line up alike. */
export const table = {
  head: 'px-3 py-2 font-medium whitespace-nowrap first:pl-4 last:pr-4 sm:first:pl-6 sm:last:pr-6',
  cell: 'px-3 py-2 align-top last:pr-4 sm:last:pr-6',
};

/** A line of a table that opens to what is behind it; a click anywhere on it does. */
export function OpenableRow({
  name,
  below,
  cells,
  columns,
  children,
}: {
  /** What the line is about: its heading, and what opens it. */
  name: ReactNode;
  /** Under the name. */
  below?: ReactNode;
  /** The other cells, `td` elements. */
  cells: ReactNode;
  /** Columns of the table, with that of the name. */
  columns: number;
  children: ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      <tr
        className={`relative hover:bg-sunk ${isOpen ? '' : 'border-b border-line [&:nth-last-child(2)]:border-0'}`}
      >
        <th scope="row" className="py-2 pr-3 pl-4 text-left align-top font-normal sm:pl-6">
          <span className="flex gap-1">
            <span className={`mt-0.5 shrink-0 text-ink-3 ${isOpen ? 'rotate-90' : ''} size-4`}>
              <ChevronRight size={14} />
            </span>
            <span className="min-w-0">
              <button
                type="button"
                aria-expanded={isOpen}
                aria-controls={id}
                onClick={() => setOpen(!isOpen)}
                className="block text-left font-medium break-words after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent-ink"
              >
                {name}
              </button>
              {below}
            </span>
          </span>
        </th>
        {cells}
      </tr>
      <tr id={id} hidden={!isOpen} className="border-b border-line last:border-0">
        {isOpen && (
          <td colSpan={columns} className="px-4 pt-1 pb-5 sm:pr-6 sm:pl-11">
            {children}
          </td>
        )}
      </tr>
    </>
  );
}
