// Something that is shown once and never again, to be copied: a secret, a one-time link.
import { Button, CopyButton } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function ShownOnce({ note, value }: { note: string; value: string }) {
  const { t } = useTranslation();
  return (
    <div className="note-box calm" role="status" style={{ marginTop: 12 }}>
      <div className="small dim">{note}</div>
      <code className="mono" style={{ overflowWrap: "anywhere" }}>
        {value}
      </code>{" "}
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" onClick={copy}>
            {copied ? t("team.copied") : t("team.copy")}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
