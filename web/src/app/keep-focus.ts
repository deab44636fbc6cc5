// Keeps something in hand. What goes away, or is switched off while it works, would leave a person at the page's beginning; here it leaves them
// where they were: at the dialog's opener, the part of the page that it stood in, or the page itself.

interface Held {
  node: HTMLElement;
  /** What it stood in, from the nearest outwards: once gone it knows no more. */
  within: HTMLElement[];
}

/** Watches until the answer is called. */
export function keepFocus(): () => void {
  let held: Held | null = null;
  /** The last one outside of any dialog: where a dialog's end leads back to. */
  let outside: Held | null = null;
  /** Switched off while its act is under way; `at` has the focus meanwhile. */
  let waits: { node: HTMLElement; at: HTMLElement } | null = null;

  const hold = (event: FocusEvent): void => {
    if (!(event.target instanceof HTMLElement)) return;
    if (event.target !== waits?.at) waits = null;
    held = heldOf(event.target);
    if (event.target.closest("[role=dialog]") === null) outside = held;
    makeWay(event.target);
  };
  // Whoever points at an empty place lets go on purpose.
  const release = (): void => {
    held = outside = waits = null;
  };
  const look = (): void => {
    if (waits !== null && document.activeElement === waits.at && isThere(waits.node)) waits.node.focus({ preventScroll: true });
    if (held === null || isThere(held.node)) return;
    if (document.activeElement !== document.body && document.activeElement !== held.node) return;
    const { node } = held;
    const at = placeOf(held) ?? (outside === null ? null : isThere(outside.node) ? outside.node : placeOf(outside)) ?? document.querySelector<HTMLElement>("main[tabindex]"); // prettier-ignore
    // Between two pages there may be no place yet: the next change is looked at again.
    if (at === null) return;
    at.focus({ preventScroll: true });
    if (node.isConnected) waits = { node, at };
  };
  const changes = new MutationObserver(look);
  changes.observe(document.body, { subtree: true, childList: true, attributeFilter: ["disabled"] });
  document.addEventListener("focusin", hold);
  document.addEventListener("pointerdown", release);
  return () => {
    changes.disconnect();
    document.removeEventListener("focusin", hold);
    document.removeEventListener("pointerdown", release);
  };
}

function heldOf(node: HTMLElement): Held {
  const within: HTMLElement[] = [];
  for (let each = node.parentElement; each !== null && each !== document.body; each = each.parentElement) within.push(each);
  return { node, within };
}

/** A message that lies over what is come to by keys goes to the other side, and is not cut short. */
function makeWay(node: HTMLElement): void {
  const messages = document.querySelector<HTMLElement>(".messages[data-position=bottom-right]");
  if (messages === null || messages.contains(node)) return;
  const one = node.getBoundingClientRect();
  const covered = [...messages.children].some((message) => {
    const two = message.getBoundingClientRect();
    return one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom;
  });
  if (covered) messages.toggleAttribute("data-aside");
}

const isThere = (node: HTMLElement): boolean => node.isConnected && !node.matches(":disabled");

/** The nearest part that still stands and may have the focus; in a list, its present row. */
function placeOf({ within }: Held): HTMLElement | null {
  const part = within.find((each) => each.isConnected && each.hasAttribute("tabindex"));
  return part?.querySelector<HTMLElement>("[aria-current=true]") ?? part ?? null;
}
