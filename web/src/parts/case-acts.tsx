// Acts on a matter, each in a panel at the side that says what it will change before it is done.
import { Button, Drawer } from "@mantine/core";
import {
  IconBan,
  IconCash,
  IconChecks,
  IconClockPlus,
  IconDoorExit,
  IconHandStop,
  IconPigMoney,
  IconPlayerStop,
  IconReceiptOff,
  IconTrash,
} from "@tabler/icons-react";
import { useState, type ComponentType } from "react";
import { useTranslation } from "react-i18next";
import type { Case } from "../lib/api.ts";
import { useMay } from "../lib/me.ts";
import type { ActProps } from "./act-form.tsx";
import { ApproveEnd, AskToLeave, PlaceHold, ReleaseHold } from "./act-holds.tsx";
import { ApplyCredit, RecordMoney } from "./act-money.tsx";
import { CancelPromise, GrantTime } from "./act-time.tsx";
import { ApproveWriteOff, ProposeWriteOff } from "./act-write-off.tsx";
import { Part } from "./page.tsx";

interface Act {
  key: string;
  icon: ComponentType<{ size: number }>;
  operation: string;
  /** Whether there is something to act on. */
  when: (customer: Case["customer"], matter: Case) => boolean;
  form: ComponentType<ActProps>;
}

const owes = ({ invoices }: Case["customer"]): boolean => invoices.length > 0;
const promised = ({ promises }: Case["customer"]): boolean => promises.some((promise) => promise.state === "running");

const ACTS: readonly Act[] = [
  { key: "time", icon: IconClockPlus, operation: "grantPromise", when: (c) => owes(c) && !promised(c), form: GrantTime },
  { key: "cancelPromise", icon: IconPlayerStop, operation: "cancelPromise", when: promised, form: CancelPromise },
  { key: "money", icon: IconCash, operation: "recordReceipts", when: owes, form: RecordMoney },
  { key: "credit", icon: IconPigMoney, operation: "applyCredit", when: (c) => c.creditCents > 0 && owes(c), form: ApplyCredit },
  { key: "hold", icon: IconHandStop, operation: "placeHold", when: () => true, form: PlaceHold },
  {
    key: "release",
    icon: IconBan,
    operation: "releaseHold",
    when: (c) => c.holds.some((hold) => hold.kind !== "overdue"),
    form: ReleaseHold,
  },
  {
    key: "leave",
    icon: IconDoorExit,
    operation: "askCancellation",
    when: (c) => c.services.some((service) => service.terminatedAt === null && service.cancelOn === null),
    form: AskToLeave,
  },
  {
    key: "writeOff",
    icon: IconReceiptOff,
    operation: "proposeWriteOff",
    when: (c, { writeOffs }) => c.invoices.length > writeOffs.length,
    form: ProposeWriteOff,
  },
  {
    key: "approveOff",
    icon: IconChecks,
    operation: "withdrawWriteOff",
    when: (_c, { writeOffs }) => writeOffs.length > 0,
    form: ApproveWriteOff,
  },
  { key: "end", icon: IconTrash, operation: "approveTermination", when: (c) => c.terminations.length > 0, form: ApproveEnd },
];

export function Acts({ matter }: { matter: Case }) {
  const { t } = useTranslation();
  const may = useMay();
  const [open, setOpen] = useState<string | null>(null);
  const offered = ACTS.filter((act) => act.when(matter.customer, matter) && may(act.operation));
  const chosen = offered.find((act) => act.key === open);
  const done = (): void => setOpen(null);
  if (offered.length === 0) return null;
  return (
    <Part title={t("act.title")}>
      <div className="acts" role="group" aria-label={t("act.title")} tabIndex={-1}>
        {offered.map(({ key, icon: Icon }) => (
          <Button key={key} variant="default" justify="flex-start" leftSection={<Icon size={16} />} onClick={() => setOpen(key)}>
            {t(`act.${key}.title`)}
          </Button>
        ))}
      </div>
      <Drawer
        opened={chosen !== undefined}
        onClose={done}
        position="right"
        size={440}
        title={chosen ? t(`act.${chosen.key}.title`) : ""}
        closeButtonProps={{ "aria-label": t("act.close") }}
      >
        {chosen ? <chosen.form matter={matter} done={done} /> : null}
      </Drawer>
    </Part>
  );
}
