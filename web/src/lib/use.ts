// Asking and acting: queries by name, and acts that refresh what they changed and say how they ended.
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, must, Problem, type Case, type Me } from "./api.ts";
import { currentLang } from "./i18n.ts";

export function useWho() {
  return useQuery<Me>({ queryKey: ["me"], queryFn: () => must(api.GET("/admin/me")), staleTime: 60_000 });
}

export function useToday() {
  return useQuery({ queryKey: ["today", currentLang()], queryFn: () => must(api.GET("/admin/today")), refetchInterval: 30_000 });
}

export function useCase(ref: string) {
  return useQuery<Case>({
    queryKey: ["case", ref, currentLang()],
    queryFn: () => must(api.GET("/admin/cases/{ref}", { params: { path: { ref } } })),
    refetchInterval: 15_000,
  });
}

export function useClaims() {
  return useQuery({ queryKey: ["claims"], queryFn: () => must(api.GET("/admin/claims")), refetchInterval: 30_000 });
}

/** An act: everything read is looked at again afterwards, since a payment in one place moves numbers in all. */
export function useAct<Ask, Answer>(
  act: (ask: Ask) => Promise<Answer>,
  said?: (answer: Answer) => string,
): UseMutationResult<Answer, Error, Ask> {
  const queries = useQueryClient();
  const { t } = useTranslation();
  return useMutation<Answer, Error, Ask>({
    mutationFn: act,
    onSuccess: async (answer) => {
      if (said) notifications.show({ message: said(answer), color: "tide", closeButtonProps: { "aria-label": t("page.close") } });
      await queries.invalidateQueries();
    },
    onError: (error) => {
      const problem = error instanceof Problem && error.status > 0 ? error : null;
      notifications.show({
        title: problem?.message ?? t("page.unreachable"),
        message: problem?.cure ?? t("page.unreachableCure"),
        color: "amber",
        autoClose: 12_000,
        closeButtonProps: { "aria-label": t("page.close") },
      });
    },
  });
}
