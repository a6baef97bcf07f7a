import { Select } from '@base-ui/react/select';
import { Check, ChevronDown } from './icons.js';

export interface Option<Value extends string> {
  value: Value;
  label: string;
}

/** A compact drop-down that names what is chosen. `label` is what a screen reader hears before it. */
export function Choice<Value extends string>(properties: {
  label: string;
  value: Value;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
}) {
  const { label, value, options, onChange } = properties;
  return (
    <Select.Root
      value={value}
      items={options as Option<Value>[]}
      onValueChange={(next) => next !== null && onChange(next as Value)}
      modal={false}
    >
      <Select.Trigger
        aria-label={label}
        className="flex h-8 items-center gap-1 rounded-md border border-line-strong bg-surface pr-1.5 pl-2.5 text-[0.8125rem] font-medium whitespace-nowrap hover:bg-sunk data-[popup-open]:bg-sunk"
      >
        <Select.Value />
        <Select.Icon className="text-ink-3">
          <ChevronDown />
        </Select.Icon>
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner
          alignItemWithTrigger={false}
          sideOffset={4}
          align="start"
          className="z-40 outline-none"
        >
          <Select.Popup className="max-h-[min(24rem,var(--available-height))] min-w-[max(10rem,var(--anchor-width))] overflow-y-auto rounded-lg border border-line-strong bg-raised p-1 shadow-float outline-none">
            {options.map((option) => (
              <Select.Item
                key={option.value}
                value={option.value}
                className="flex items-center gap-2 rounded-md py-1.5 pr-3 pl-2 text-[0.8125rem] outline-none select-none data-[highlighted]:bg-accent-soft"
              >
                <span className="grid size-4 place-items-center text-accent-ink">
                  <Select.ItemIndicator>
                    <Check />
                  </Select.ItemIndicator>
                </span>
                <Select.ItemText>{option.label}</Select.ItemText>
              </Select.Item>
            ))}
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  );
}
