// Single letters as keys: for hands that know them; switched off by whoever speaks to the machine, or strikes keys by accident (WCAG 2.2, 2.1.4).
import { useHotkeys, type HotkeyItem } from "@mantine/hooks";
import { useSyncExternalStore } from "react";

const KEPT = "regua.letters";
const OFF = "off";
const listeners = new Set<() => void>();

/** Whether letters act. A matter of this browser: at another desk the same person may speak, or type. */
export function useLetters(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => localStorage.getItem(KEPT) !== OFF,
  );
}

export function switchLetters(on: boolean): void {
  if (on) localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, OFF);
  for (const listener of listeners) listener();
}

/** Keys without Ctrl, Alt or ⌘ that act wherever the focus is. */
export function useLetterKeys(keys: HotkeyItem[]): void {
  useHotkeys(useLetters() ? keys : []);
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
  return useLetters() ? <kbd className="key">{children}</kbd> : null;
}
