// Says which row of the palette is chosen to whoever cannot see it: the list marks its row, the box in which one types names it.
//
// Mantine marks the row with `data-selected` on the element itself, outside of React, and drops the rows' ids (9.7).
import { useCallback, useState } from "react";

const ROW = "[data-action]";

/** For the box: `active` is the chosen row's id. For the list: a ref. */
export function usePaletteChoice(): { active: string | undefined; list: (node: HTMLElement | null) => (() => void) | undefined } {
  const [active, setActive] = useState<string | undefined>(undefined);
  const list = useCallback((node: HTMLElement | null) => {
    if (!node) return;
    const tell = (): void => setActive(nameChosen(node));
    const observer = new MutationObserver(tell);
    observer.observe(node, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-selected"] });
    tell();
    return () => observer.disconnect();
  }, []);
  return { active, list };
}

/** Gives each row an id of its place in the list, and marks the chosen one; its id, or undefined where none is. */
function nameChosen(list: HTMLElement): string | undefined {
  let chosen: string | undefined;
  for (const [place, row] of [...list.querySelectorAll<HTMLElement>(ROW)].entries()) {
    row.id = `${list.id}-${place}`;
    const isChosen = row.dataset.selected !== undefined;
    row.ariaSelected = String(isChosen);
    if (isChosen) chosen = row.id;
  }
  return chosen;
}
