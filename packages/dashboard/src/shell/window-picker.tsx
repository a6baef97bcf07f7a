import { presetLabels, presets } from '../view/window.js';
import { useView } from '../view/use-view.js';
import { CustomWindow } from './custom-window.js';

/** Which span of time all figures are about. */
export function WindowPicker() {
  const { view, change } = useView();
  const chosen = view.window.kind === 'preset' ? view.window.preset : 'custom';
  return (
    <div
      role="group"
      aria-label="Window"
      className="flex rounded-lg border border-line-strong bg-surface p-0.5"
    >
      {presets.map((preset) => (
        <button
          key={preset}
          type="button"
          aria-pressed={chosen === preset}
          aria-label={presetLabels[preset].long}
          onClick={() => change({ window: { kind: 'preset', preset }, bucket: null })}
          className="h-7 rounded-md px-2.5 text-[0.8125rem] whitespace-nowrap text-ink-2 hover:text-ink aria-pressed:bg-accent aria-pressed:font-semibold aria-pressed:text-on-accent xs:px-3"
        >
          {presetLabels[preset].short}
        </button>
      ))}
      <CustomWindow chosen={chosen === 'custom'} />
    </div>
  );
}
