// The books of a matter: invoices with what they would cost today, money received, promises, proofs, holds; and each service's access.
import { useTranslation } from "react-i18next";
import { Link } from "@tanstack/react-router";
import type { Case } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { actorName, stepName } from "../lib/say.ts";
import { Part } from "./page.tsx";

export function Services({ matter }: { matter: Case }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Part title={t("services.title")}>
      <div className="steps-list">
        {matter.customer.services.map((service) => {
          const differs = service.actual !== "unknown" && service.desired !== service.actual && service.panel !== null;
          return (
            <div key={service.ref} className="small">
              <div style={{ display: "flex", gap: 8, alignItems: "center" }}>
                <strong className="clip">{service.name}</strong>
                <span
                  className={`tag ${service.actual === "active" ? "good" : service.actual === "suspended" ? "accent" : ""}`}
                  style={{ marginLeft: "auto" }}
                >
                  {service.terminatedAt ? t("services.ended") : t(`services.actual.${service.actual}`)}
                </span>
              </div>
              <div className="dim">
                {[service.plan, service.panel && `${service.panel}: ${service.account}`].filter(Boolean).join(" · ") ||
                  t("services.unlinked")}
                {service.actualSince ? ` · ${t("services.since", { at: format.moment(service.actualSince) })}` : ""}
              </div>
              {differs || service.callOpen ? (
                <div className="warm">
                  {service.callOpen ? t("services.calling") : t("services.differs", { desired: t(`services.actual.${service.desired}`) })}
                </div>
              ) : null}
              {service.because.slice(0, 2).map((reason) => (
                <div key={reason.text} className="dim">
                  {reason.text}
                </div>
              ))}
              {service.cancelOn ? <div className="warm">{t("services.leaves", { day: format.day(service.cancelOn) })}</div> : null}
            </div>
          );
        })}
      </div>
    </Part>
  );
}

export function Books({ matter }: { matter: Case }) {
  const { t } = useTranslation();
  const { customer } = matter;
  return (
    <>
      <Invoices customer={customer} />
      <Receipts customer={customer} />
      <Promised customer={customer} />
      <Held customer={customer} />
      <p className="small">
        <Link to="/claims">{t("books.toClaims")}</Link>
      </p>
    </>
  );
}

interface Of {
  customer: Case["customer"];
}

function Invoices({ customer }: Of) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Table
      title={t("books.open")}
      heads={[t("books.invoice"), t("books.due"), t("books.step"), t("books.openAmount"), t("books.today")]}
      right={[3, 4]}
      empty={t("books.noneOpen")}
    >
      {customer.invoices.map((invoice) => (
        <tr key={invoice.ref}>
          <td>
            <span className="mono">{invoice.ref}</span> <span className="dim small">{invoice.service}</span>
          </td>
          <td className="num">{format.day(invoice.dueOn)}</td>
          <td className="small words">
            {invoice.step ? stepName(t, invoice.step) : "–"}
            {invoice.wait ? <div className="dim">{invoice.wait.because.text}</div> : null}
          </td>
          <td className="r">{format.money(invoice.openCents, invoice.currency)}</td>
          <td className="r">{format.money(invoice.totalTodayCents, invoice.currency)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Receipts({ customer }: Of) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Table
      title={t("books.money")}
      heads={[t("books.paidOn"), t("books.source"), t("books.what"), t("books.amount")]}
      right={[3]}
      empty={t("books.noMoney")}
    >
      {customer.receipts.map((receipt) => (
        <tr key={`${receipt.source} ${receipt.externalId}`}>
          <td className="num">{format.day(receipt.paidOn)}</td>
          <td className="small">
            {receipt.source}
            <div className="dim mono">{receipt.externalId}</div>
          </td>
          <td className="small">
            {receipt.allocations
              .map(
                (each) =>
                  `${each.invoice} ${format.money(each.amountCents, receipt.currency)}${each.kind === "late_fee" ? ` (${t("books.fee")})` : ""}`,
              )
              .join(", ")}
            {receipt.creditCents > 0 ? (
              <div className="good">{t("books.credit", { amount: format.money(receipt.creditCents, receipt.currency) })}</div>
            ) : null}
          </td>
          <td className="r">{format.money(receipt.amountCents, receipt.currency)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Promised({ customer }: Of) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Table
      title={t("books.promises")}
      heads={[t("books.protocol"), t("promises.until"), t("promises.how"), t("promises.why")]}
      right={[]}
      empty={t("books.noPromises")}
    >
      {customer.promises.map((promise) => (
        <tr key={promise.protocol}>
          <td className="mono">{promise.protocol}</td>
          <td className="num">{format.moment(promise.until)}</td>
          <td>
            <span className={`tag ${promise.state === "kept" ? "good" : promise.state === "broken" ? "warm" : ""}`}>
              {t(`promises.state.${promise.state}`)}
            </span>
          </td>
          <td className="small">
            {promise.reason} <span className="dim">{actorName(t, promise.owner)}</span>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Held({ customer }: Of) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Table
      title={t("books.holds")}
      heads={[t("books.kind"), t("books.effect"), t("books.until"), t("act.reason")]}
      right={[]}
      empty={t("books.noHolds")}
    >
      {customer.holds.map((hold) => (
        <tr key={hold.id}>
          <td>{t(`hold.${hold.kind}`, { defaultValue: hold.kind })}</td>
          <td className="small">{t(`hold.effect.${hold.effect}`)}</td>
          <td className="num small">{hold.until ? format.moment(hold.until) : t("books.untilLifted")}</td>
          <td className="small">
            {hold.reason} <span className="dim">{actorName(t, hold.placedBy)}</span>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Table({
  title,
  heads,
  right,
  empty,
  children,
}: {
  title: string;
  heads: string[];
  right: number[];
  empty: string;
  children: React.ReactNode[];
}) {
  return (
    <Part title={title}>
      {children.length === 0 ? (
        <p className="small dim">{empty}</p>
      ) : (
        <div className="card scroll-x" tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                {heads.map((head, i) => (
                  <th key={head} className={right.includes(i) ? "r" : undefined}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{children}</tbody>
          </table>
        </div>
      )}
    </Part>
  );
}
