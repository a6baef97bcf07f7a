import { memo } from 'react';
import type { ListedCall } from '../api/contract.js';
import { CallLine } from './call-line.js';

const head = 'px-3 py-2 font-medium whitespace-nowrap';

export const CallsTable = memo(function CallsTable(properties: {
  calls: readonly ListedCall[];
  fresh: ReadonlySet<string>;
  onOpen: (id: string) => void;
}) {
  const { calls, fresh, onOpen } = properties;
  return (
    <table className="w-full text-[0.8125rem]">
      <thead className="border-y border-line text-ink-3">
        <tr>
          <th scope="col" className={`${head} hidden pl-6 text-left md:table-cell`}>
            Time, UTC
          </th>
          <th scope="col" className={`${head} pl-4 text-left sm:pl-6 md:pl-3`}>
            Feature
          </th>
          <th scope="col" className={`${head} hidden text-left sm:table-cell`}>
            Model
          </th>
          <th scope="col" className={`${head} hidden text-left xl:table-cell`}>
            Tenant
          </th>
          <th scope="col" className={`${head} hidden text-right md:table-cell`}>
            Input
          </th>
          <th scope="col" className={`${head} hidden text-right lg:table-cell`}>
            From cache
          </th>
          <th scope="col" className={`${head} hidden text-right md:table-cell`}>
            Output
          </th>
          <th scope="col" className={`${head} hidden text-right lg:table-cell`}>
            Took
          </th>
          <th scope="col" className={`${head} hidden text-left sm:table-cell`}>
            Outcome
          </th>
          <th scope="col" className={`${head} pr-4 text-right sm:pr-6`}>
            Cost
          </th>
        </tr>
      </thead>
      <tbody>
        {calls.map((call) => (
          <CallLine key={call.id} call={call} fresh={fresh.has(call.id)} onOpen={onOpen} />
        ))}
      </tbody>
    </table>
  );
});
