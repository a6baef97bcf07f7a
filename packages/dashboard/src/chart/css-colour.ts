/** What a CSS colour (`var(--line)`) is right now, in the form that a canvas understands. */
export function resolveColour(element: HTMLElement, colour: string): string {
  const probe = document.createElement('span');
  probe.style.color = colour;
  element.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}
