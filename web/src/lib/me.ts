// Who is signed in, for every page: read once by the frame that all pages stand in.
import { createContext, useContext } from "react";
import type { Me } from "./api.ts";

export const MeContext = createContext<Me | null>(null);

export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error("a page outside its frame");
  return me;
}

/** Whether the role may do an operation: what may not be done is not offered. */
export function useMay(): (operation: string) => boolean {
  const { may } = useMe();
  return (operation) => may.includes(operation);
}
