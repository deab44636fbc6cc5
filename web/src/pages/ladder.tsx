// The ladder: drawn in days, its steps moved by pointer, keys or form, checked and previewed as it changes, kept as a version, activated.
import { Button, Tabs } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must, type Draft } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { currentLang } from "../lib/i18n.ts";
import { useMay } from "../lib/me.ts";
import { readSteps, withSteps, type Step } from "../lib/policy.ts";
import { stepName } from "../lib/say.ts";
import { useAct } from "../lib/use.ts";
import { Replay } from "../parts/ladder-replay.tsx";
import { Rules } from "../parts/ladder-rules.tsx";
import { StepForms } from "../parts/ladder-steps.tsx";
import { Texts } from "../parts/ladder-texts.tsx";
import { Versions } from "../parts/ladder-versions.tsx";
import { Empty, Failure, Page, Part, Waiting } from "../parts/page.tsx";
import { GlyphIcon, Ruler, type Act } from "../parts/ruler.tsx";

type Doc = Record<string, unknown>;

export function Ladder() {
  const { t } = useTranslation();
  const policies = useQuery({ queryKey: ["policies"], queryFn: () => must(api.GET("/admin/policies")) });
  const [version, setVersion] = useState<string | null>(null);
  const shown = version ?? policies.data?.inForce ?? null;
  const policy = useQuery({
    queryKey: ["policy", shown],
    queryFn: () => must(api.GET("/admin/policies/{version}", { params: { path: { version: shown ?? "" } } })),
    enabled: shown !== null,
  });
  const error = policies.error ?? policy.error;
  if (error) return <Page title={t("nav.ladder")}>{<Failure error={error} />}</Page>;
  if (!policies.data || !policy.data || shown === null) return <Waiting />;
  return (
    <Page title={t("nav.ladder")} side={<span className="dim small mono">{shown}</span>}>
      <Editor key={shown} stored={policy.data.doc} inForce={shown === policies.data.inForce} onKept={setVersion} />
      <Versions versions={policies.data.versions} shown={shown} onShow={setVersion} />
    </Page>
  );
}

function Editor({ stored, inForce, onKept }: { stored: Doc; inForce: boolean; onKept: (version: string) => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const [doc, setDoc] = useState(stored);
  const [asked] = useDebouncedValue(doc, 200);
  const changed = JSON.stringify(doc) !== JSON.stringify(stored);
  const draft = useQuery({
    queryKey: ["draft", asked, currentLang()],
    queryFn: () => must(api.POST("/admin/policies/draft", { body: { doc: asked } })),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const keep = useAct(
    () => must(api.POST("/admin/policies", { body: { doc } })),
    ({ version }) => t("ladder.kept", { version }),
  );
  useLeaving(changed);
  const steps = readSteps(doc);
  const set = (next: Step[]): void => setDoc(withSteps(doc, next));
  const edits = may("storePolicy");
  return (
    <>
      {draft.error ? <Failure error={draft.error} /> : null}
      <Drawn
        draft={draft.data}
        steps={steps}
        onMove={edits ? (name, day) => set(steps.map((step) => (step.step === name ? { ...step, day } : step))) : undefined}
      />
      {changed ? (
        <div
          className="note-box calm"
          style={{ display: "flex", gap: 12, alignItems: "center", flexWrap: "wrap", marginTop: 16 }}
          role="status"
        >
          <span>
            <strong>{t("ladder.changed")}</strong> <span className="small">{draft.data?.changes.slice(0, 4).join(" · ")}</span>
          </span>
          <span style={{ marginLeft: "auto", display: "flex", gap: 8 }}>
            <Button variant="default" onClick={() => setDoc(stored)}>
              {t("ladder.undo")}
            </Button>
            <Button
              loading={keep.isPending}
              disabled={draft.data?.ok !== true}
              onClick={() => keep.mutate(undefined, { onSuccess: ({ version }) => onKept(version) })}
            >
              {t("ladder.keep")}
            </Button>
          </span>
        </div>
      ) : null}
      <Findings draft={draft.data} />
      <Views doc={doc} draft={draft.data} onSteps={edits ? set : undefined} onDoc={edits ? setDoc : undefined} />
      {inForce || changed ? null : <p className="small dim">{t("ladder.notInForce")}</p>}
    </>
  );
}

interface ViewsProps {
  doc: Doc;
  draft: Draft | undefined;
  /** Absent where the reader may not change it. */
  onSteps: ((steps: Step[]) => void) | undefined;
  onDoc: ((doc: Doc) => void) | undefined;
}

function Views({ doc, draft, onSteps, onDoc }: ViewsProps) {
  const { t } = useTranslation();
  return (
    <Tabs defaultValue="steps" mt="lg" keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="steps">{t("ladder.steps")}</Tabs.Tab>
        <Tabs.Tab value="texts">{t("ladder.texts")}</Tabs.Tab>
        <Tabs.Tab value="rules">{t("ladder.rules")}</Tabs.Tab>
        <Tabs.Tab value="replay">{t("ladder.replay")}</Tabs.Tab>
        <Tabs.Tab value="source">{t("ladder.source")}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="steps" pt="md">
        <StepForms steps={readSteps(doc)} onChange={onSteps} />
      </Tabs.Panel>
      <Tabs.Panel value="texts" pt="md">
        <Texts draft={draft} />
      </Tabs.Panel>
      <Tabs.Panel value="rules" pt="md">
        <Rules doc={doc} onChange={onDoc} />
      </Tabs.Panel>
      <Tabs.Panel value="replay" pt="md" keepMounted>
        <Replay doc={doc} ok={draft?.ok === true} />
      </Tabs.Panel>
      <Tabs.Panel value="source" pt="md">
        <pre className="letter mono" tabIndex={0} aria-label={t("ladder.source")}>
          {draft?.source}
        </pre>
      </Tabs.Panel>
    </Tabs>
  );
}

/** What was changed and not kept is not lost by a slip. */
function useLeaving(changed: boolean): void {
  useEffect(() => {
    if (!changed) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [changed]);
}

const LEGEND: readonly Act[] = ["notify", "warn", "suspend", "warn_termination", "terminate"];

function Drawn({
  draft,
  steps,
  onMove,
}: {
  draft: Draft | undefined;
  steps: readonly Step[];
  onMove: ((step: string, day: number) => void) | undefined;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const drawn = draft?.drawn;
  const dated = steps.filter((step): step is Step & { day: number } => step.day !== "issued");
  const marks = dated.map((step) => ({
    key: step.step,
    offset: step.day,
    act: step.do,
    label: stepName(t, step.step),
    title: `${stepName(t, step.step)}, ${t("ladder.onDay", { count: step.day })}`,
    later: false,
  }));
  const moved = drawn?.marks.filter((mark) => mark.kind === "moved") ?? [];
  return (
    <div className="card pad">
      <Ruler marks={marks} closed={drawn?.closed ?? []} today={null} title={t("ladder.drawn")} {...(onMove ? { onMove } : {})} />
      <div className="small dim" style={{ display: "flex", flexWrap: "wrap", gap: "4px 18px", marginTop: 10 }}>
        {LEGEND.filter((act) => steps.some((step) => step.do === act)).map((act) => (
          <span key={act}>
            <GlyphIcon act={act} /> {t(`act.kind.${act}`)}
          </span>
        ))}
        <span>
          <span style={{ display: "inline-block", width: 14, height: 10, background: "var(--shade)", marginRight: 4 }} aria-hidden />
          {t("ladder.closed")}
        </span>
        {drawn ? <span>{t("ladder.example", { day: format.dayLong(drawn.dueOn) })}</span> : null}
        {onMove ? <span>{t("ladder.moveHint")}</span> : null}
      </div>
      {moved.map((mark) => (
        <div key={`${mark.step} ${mark.at}`} className="small warm">
          {stepName(t, mark.step)}: {mark.because}
        </div>
      ))}
    </div>
  );
}

function Findings({ draft }: { draft: Draft | undefined }) {
  const { t } = useTranslation();
  if (!draft || draft.findings.length === 0) return null;
  return (
    <Part title={t("ladder.findings")}>
      {draft.findings.map((finding) => (
        <div
          key={`${finding.place} ${finding.problem}`}
          className={`note-box ${finding.severity === "error" ? "bad" : ""}`}
          role={finding.severity === "error" ? "alert" : undefined}
        >
          <span className="mono small">{finding.place}</span> {finding.problem} <span className="dim">{finding.cure}</span>
        </div>
      ))}
      {draft.ok ? null : <Empty title={t("ladder.cannot")} />}
    </Part>
  );
}
