import type { ReactNode } from 'react';

/** 16-pixel line icons. They decorate: the text beside them, or the control's label, carries the meaning. */
function icon(paths: ReactNode) {
  return function Icon({ size = 16 }: { size?: number }) {
    return (
      <svg
        aria-hidden="true"
        width={size}
        height={size}
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        className="shrink-0"
      >
        {paths}
      </svg>
    );
  };
}

export const ChevronDown = icon(<path d="m4.5 6.5 3.5 3.5 3.5-3.5" />);
export const ChevronRight = icon(<path d="m6.5 4.5 3.5 3.5-3.5 3.5" />);
export const Cross = icon(<path d="m4 4 8 8m0-8-8 8" />);
export const Plus = icon(<path d="M8 3.5v9M3.5 8h9" />);
export const Check = icon(<path d="m3.5 8.5 3 3 6-7" />);
export const Copy = icon(
  <>
    <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
    <path d="M3.5 10.5h-.5a.8.8 0 0 1-.8-.8V3a.8.8 0 0 1 .8-.8h6.7a.8.8 0 0 1 .8.8v.5" />
  </>,
);
export const Sun = icon(
  <>
    <circle cx="8" cy="8" r="2.8" />
    <path d="M8 1.5v1.3m0 10.4v1.3M1.5 8h1.3m10.4 0h1.3M3.4 3.4l.9.9m7.4 7.4.9.9m0-9.2-.9.9m-7.4 7.4-.9.9" />
  </>,
);
export const Moon = icon(<path d="M13.3 9.6A5.8 5.8 0 0 1 6.4 2.7a5.8 5.8 0 1 0 6.9 6.9Z" />);
export const Monitor = icon(
  <>
    <rect x="2" y="3" width="12" height="8" rx="1.2" />
    <path d="M6 13.5h4" />
  </>,
);
export const Alert = icon(
  <>
    <path d="M8 2.2 14.3 13H1.7L8 2.2Z" />
    <path d="M8 6.5v3m0 1.6v.1" />
  </>,
);
export const Retry = icon(<path d="M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3" />);
