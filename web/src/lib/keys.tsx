// Single letters as keys: for hands that know them; switched off by whoever speaks to the machine, or strikes keys by accident (WCAG 2.2, 2.1.4).
import { useHotkeys, useLocalStorage, type HotkeyItem } from "@mantine/hooks";

/** Whether letters act, and switching that. A matter of this browser: at another desk the same person may speak, or type. */
export function useLetters(): readonly [on: boolean, turn: (on: boolean) => void] {
  const [on, turn] = useLocalStorage({ key: "regua.letters", defaultValue: true, getInitialValueInEffect: false });
  return [on, turn];
}

/** Keys without Ctrl, Alt or ⌘ that act wherever the focus is. */
export function useLetterKeys(keys: HotkeyItem[]): void {
  const [on] = useLetters();
  useHotkeys(on ? keys : []);
}

/** The next of a list, and the one before. */
export function useNextKeys(go: (by: 1 | -1) => void): void {
  useHotkeys([
    ["ArrowDown", () => go(1)],
    ["ArrowUp", () => go(-1)],
  ]);
  useLetterKeys([
    ["J", () => go(1)],
    ["K", () => go(-1)],
  ]);
}

/** A letter beside what it does. */
export function Letter({ children }: { children: string }) {
  const [on] = useLetters();
  return on ? <kbd className="key">{children}</kbd> : null;
}
