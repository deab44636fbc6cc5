// The bar of acts on all customers chosen: how many they are, what can be done, and the way back to the last result.
import { ActionIcon, Button } from "@mantine/core";
import { IconBan, IconClockPlus, IconHandStop, IconHistory, IconX } from "@tabler/icons-react";
import { useState, type ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { chooseNobody, keepLast, useChosen, type ManyAct } from "../lib/chosen.ts";
import { useMe } from "../lib/me.ts";
import { ManyPanel, type Open } from "./many-panel.tsx";

const ACTS: readonly { act: ManyAct; icon: ComponentType<{ size: number }> }[] = [
  { act: "hold", icon: IconHandStop },
  { act: "lift", icon: IconBan },
  { act: "time", icon: IconClockPlus },
];

/** `shown`: who is in the list now, since the chosen may come from another filter. */
export function ManyBar({ shown }: { shown: ReadonlySet<string> }) {
  const { t } = useTranslation();
  const { chosen, last } = useChosen(useMe().email);
  const [open, setOpen] = useState<Open | null>(null);
  const elsewhere = [...chosen.keys()].filter((ref) => !shown.has(ref)).length;
  const people = [...chosen].map(([ref, name]) => ({ ref, name }));
  return (
    <>
      <div className="many-bar" data-on={chosen.size > 0 || last !== null || undefined} role="group" aria-label={t("many.title")}>
        <div role="status">
          {chosen.size === 0 ? null : (
            <>
              <strong>{t("many.chosen", { count: chosen.size })}</strong>
              {elsewhere === 0 ? null : <span className="small dim"> {t("many.elsewhere", { count: elsewhere })}</span>}
            </>
          )}
        </div>
        {chosen.size === 0 ? null : (
          <div className="many-acts">
            {ACTS.map(({ act, icon: Icon }) => (
              <Button
                key={act}
                size="compact-sm"
                variant="default"
                leftSection={<Icon size={16} />}
                onClick={() => setOpen({ act, people })}
              >
                {t(`many.${act}.title`)}
              </Button>
            ))}
            <Button size="compact-sm" variant="subtle" leftSection={<IconX size={16} />} onClick={chooseNobody}>
              {t("many.nobody")}
            </Button>
          </div>
        )}
        {chosen.size > 0 || last === null ? null : (
          <>
            <Button size="compact-sm" variant="subtle" leftSection={<IconHistory size={16} />} onClick={() => setOpen("last")}>
              {t("many.last")}
            </Button>
            <ActionIcon variant="subtle" color="gray" ml="auto" aria-label={t("many.forget")} onClick={() => keepLast(null)}>
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </>
        )}
      </div>
      <ManyPanel open={open} last={last} onOpen={setOpen} />
    </>
  );
}
