// One customer's matter: the ruler, the facts in one line of time, what is owed and whether it is up, and acts beside it.
import { Tabs } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { daysBetween, useFormat } from "../lib/format.ts";
import type { Case, Mark } from "../lib/api.ts";
import { currentLang } from "../lib/i18n.ts";
import { actorName, stepName, useSayNext } from "../lib/say.ts";
import { useCase } from "../lib/use.ts";
import { Acts } from "../parts/case-acts.tsx";
import { Letters } from "../parts/case-letters.tsx";
import { Books, Services } from "../parts/case-books.tsx";
import { Timeline } from "../parts/case-story.tsx";
import { Failure, Page, Part, Waiting } from "../parts/page.tsx";
import { Ruler, type RulerMark } from "../parts/ruler.tsx";

export function CasePage() {
  const { ref } = useParams({ from: "/frame/customers/$ref" });
  const { t } = useTranslation();
  const found = useCase(ref);
  if (found.error) return <Page title={t("nav.customers")}>{<Failure error={found.error} again={() => void found.refetch()} />}</Page>;
  if (!found.data) return <Waiting />;
  return <Whole matter={found.data} />;
}

function Whole({ matter }: { matter: Case }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { customer } = matter;
  return (
    <Page
      title={customer.name}
      side={
        <span className="dim small">
          <span className="mono">{customer.ref}</span> · {t("case.since", { day: format.day(customer.since) })}
        </span>
      }
    >
      <Asks matter={matter} />
      <OnRuler matter={matter} />
      <div className="case">
        <div>
          <Tabs defaultValue="story" mt="lg" keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="story">{t("case.story")}</Tabs.Tab>
              <Tabs.Tab value="letters">{t("case.letters", { count: matter.messages.length })}</Tabs.Tab>
              <Tabs.Tab value="books">{t("case.books")}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="story" pt="lg">
              <Timeline matter={matter} />
            </Tabs.Panel>
            <Tabs.Panel value="letters" pt="lg">
              <Letters matter={matter} />
            </Tabs.Panel>
            <Tabs.Panel value="books" pt="lg">
              <Books matter={matter} />
            </Tabs.Panel>
          </Tabs>
        </div>
        <aside className="aside" aria-label={t("case.aside")}>
          <Standing matter={matter} />
          <Services matter={matter} />
          <Acts matter={matter} />
          <Person matter={matter} />
        </aside>
      </div>
    </Page>
  );
}

/** What waits for a person here, and why. */
function Asks({ matter }: { matter: Case }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { customer } = matter;
  const waits = matter.conversation.waitsSince;
  const nothing = customer.attention.length === 0 && customer.fault === null && customer.terminations.length === 0;
  if (nothing && matter.writeOffs.length === 0 && waits === null) return null;
  return (
    <div className="note-box" role="status">
      {customer.fault === null ? null : <div>{t("case.fault", { fault: customer.fault })}</div>}
      {waits === null ? null : (
        <div>
          <Link to="/conversations" search={{ id: matter.conversation.id }}>
            {t("case.messageWaits", { at: format.moment(waits) })}
          </Link>
        </div>
      )}
      {customer.attention.map((item) => (
        <div key={item.kind}>
          <strong>{t(`attention.${item.kind}`, { defaultValue: t("attention.other") })}</strong>{" "}
          <span className="small">{item.because.map((reason) => reason.text).join(" ")}</span>
        </div>
      ))}
      {matter.writeOffs.map((proposal) => (
        <div key={proposal.id}>
          {t("case.writeOff", {
            invoice: proposal.invoice,
            amount: format.money(proposal.openCents),
            name: actorName(t, proposal.proposedBy),
          })}
        </div>
      ))}
      {customer.terminations.map((proposal) => (
        <div key={proposal.id}>
          {t("case.proposal", { service: proposal.service, invoice: proposal.invoice })}
          {proposal.firstBy === null ? "" : ` ${t("case.firstBy", { name: proposal.firstBy })}`}
        </div>
      ))}
    </div>
  );
}

const HAPPENS: readonly Mark["kind"][] = ["message", "suspended", "termination_proposed"];

function OnRuler({ matter }: { matter: Case }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sayNext = useSayNext();
  const { ruler, customer } = matter;
  const next = customer.coming[0];
  if (!ruler)
    return (
      <div className="card pad dim">
        {customer.invoicesSettled > 0 ? t("case.nothingOpen", { count: customer.invoicesSettled }) : t("case.nothingEver")}
      </div>
    );
  const marks = ruler.marks
    .filter((mark) => HAPPENS.includes(mark.kind))
    .map((mark, i): RulerMark => {
      const label =
        mark.kind === "suspended"
          ? t("ruler.suspension")
          : mark.kind === "termination_proposed"
            ? t("ruler.termination")
            : stepName(t, mark.step);
      return {
        key: `${i}`,
        offset: mark.offset,
        act: mark.act ?? "notify",
        label,
        title: `${label}, ${format.momentLong(mark.at)}${mark.because ? `. ${mark.because}` : ""}`,
        later: mark.at > matter.now,
      };
    });
  const at = (moment: string): number => daysBetween(ruler.dueOn, format.dayOf(moment));
  const facts = [
    ...customer.promises
      .filter((promise) => promise.invoices.includes(ruler.invoice))
      .map((promise) => ({ offset: at(promise.grantedAt), label: t("ruler.promise") })),
    ...customer.receipts
      .filter((receipt) => receipt.allocations.some((allocation) => allocation.invoice === ruler.invoice))
      .map((receipt) => ({ offset: daysBetween(ruler.dueOn, receipt.paidOn), label: t("ruler.money") })),
  ];
  return (
    <div className="card pad">
      <div style={{ display: "flex", flexWrap: "wrap", gap: "4px 16px", alignItems: "baseline", marginBottom: 14 }}>
        <strong>{t("case.invoiceDue", { ref: ruler.invoice, day: format.dayLong(ruler.dueOn) })}</strong>
        <span className="small dim" style={{ marginLeft: "auto" }}>
          {next ? t("case.next", { what: sayNext(next) }) : t("matter.nothingNext")}
        </span>
      </div>
      <Ruler
        marks={marks}
        facts={facts}
        closed={ruler.closed}
        today={daysBetween(ruler.dueOn, ruler.today)}
        title={t("case.rulerTitle", { name: customer.name })}
      />
    </div>
  );
}

function Standing({ matter }: { matter: Case }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { customer } = matter;
  const total = customer.invoices.reduce((sum, invoice) => sum + invoice.totalTodayCents, 0);
  return (
    <div className="card pad">
      <div className="small dim">{t("case.owed")}</div>
      <div className="num" style={{ fontSize: 26, fontWeight: 600, letterSpacing: "-0.02em" }}>
        {format.money(customer.owedCents, customer.currency)}
      </div>
      <div className="small dim">
        {total > customer.owedCents ? t("case.withFees", { total: format.money(total, customer.currency) }) : null}
        {customer.creditCents > 0 ? (
          <div className="good">{t("case.credit", { amount: format.money(customer.creditCents, customer.currency) })}</div>
        ) : null}
      </div>
      {customer.invoices.slice(0, 6).map((invoice) => (
        <div key={invoice.ref} className="small" style={{ display: "flex", gap: 8, marginTop: 6 }}>
          <span className="mono">{invoice.ref}</span>
          <span className="dim">
            {invoice.daysPastDue > 0 ? t("matter.days", { count: invoice.daysPastDue }) : format.dayShort(invoice.dueOn)}
          </span>
          <span className="num" style={{ marginLeft: "auto" }}>
            {format.money(invoice.openCents, invoice.currency)}
          </span>
        </div>
      ))}
    </div>
  );
}

function Person({ matter }: { matter: Case }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { customer, views } = matter;
  return (
    <Part title={t("case.person")}>
      <dl className="facts small">
        <dt>{t("case.email")}</dt>
        <dd>{customer.email ?? "–"}</dd>
        <dt>{t("case.phone")}</dt>
        <dd className="num">{customer.phone ?? "–"}</dd>
        <dt>{t("case.taxId")}</dt>
        <dd className="num">{customer.taxId ?? "–"}</dd>
        <dt>{t("case.language")}</dt>
        <dd>{customer.lang === "en" ? "English" : "Português"}</dd>
        {customer.tags.length > 0 ? (
          <>
            <dt>{t("case.tags")}</dt>
            <dd>{customer.tags.join(", ")}</dd>
          </>
        ) : null}
        {customer.releaseBarred === null ? null : (
          <>
            <dt>{t("case.barred")}</dt>
            <dd>{customer.releaseBarred}</dd>
          </>
        )}
      </dl>
      {views.length > 0 ? (
        <p className="small dim" title={views.map((view) => `${view.actor} ${format.moment(view.at)}`).join("\n")}>
          {t("case.views", { count: views.length, at: format.moment(views[0]?.at ?? matter.now) })}
        </p>
      ) : null}
      <p className="small">
        <a href={`/admin/customers/${encodeURIComponent(customer.ref)}/evidence`} download={`${customer.ref}.json`}>
          {t("case.evidence")}
        </a>
        {" · "}
        <a href={`/admin/customers/${encodeURIComponent(customer.ref)}/dossier?lang=${currentLang()}`} download={`${customer.ref}.pdf`}>
          {t("case.dossier")}
        </a>
        {" · "}
        <Link to="/conversations" search={{ id: matter.conversation.id }}>
          {t("case.conversation", { count: matter.conversation.messages })}
        </Link>
        {" · "}
        <Link to="/customers" search={{ search: customer.ref }}>
          {t("case.inList")}
        </Link>
      </p>
    </Part>
  );
}
