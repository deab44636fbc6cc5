// Gives merged customers their ids, and turns what is new or changed into rows.
import type { Id, IdSource } from "../kernel/ids.ts";
import type { ImportedInvoice, ImportedService } from "../store/imports.ts";
import { refKey, type Known, type Merged, type MergedCustomer } from "./import-merge.ts";

export interface Planned {
  id: Id;
  merged: MergedCustomer;
  /** Something of it is new or different: the customer's row and evidence are written. */
  writes: boolean;
  services: ImportedService[];
  invoices: ImportedInvoice[];
}

/** In the order given. */
export async function rowsOf(merged: readonly MergedCustomer[], known: Known, ids: IdSource): Promise<Planned[]> {
  const block = await ids.take(merged.reduce((sum, one) => sum + newRows(one), 0));
  return merged.map((one) => {
    const id = one.customer.was?.id ?? block.next();
    const services = one.services.map(({ row, was }) => ({ ...row, id: was?.id ?? block.next(), customerId: id, isNew: was === null }));
    const serviceIds = new Map(services.map((service) => [service.ref, service.id]));
    const serviceId = (ref: string | null): Id | null =>
      ref === null ? null : (serviceIds.get(ref) ?? known.refs.get(refKey("service", ref))?.rowId ?? null);
    const invoices = one.invoices.map(({ row: { serviceRef, ...row }, was, changes }) => ({
      ...row,
      id: was?.id ?? block.next(),
      customerId: id,
      serviceId: was && !changes.service ? was.serviceId : serviceId(serviceRef),
      paid: was?.paid ?? 0,
      state: was?.state ?? ("open" as const),
      isNew: was === null,
    }));
    const changed = Object.keys(one.customer.changes).length > 0;
    return {
      id,
      merged: one,
      writes: one.customer.was === null || changed || services.length > 0 || invoices.length > 0,
      services,
      invoices,
    };
  });
}

function newRows({ customer, services, invoices }: MergedCustomer): number {
  const fresh: Merged<unknown, unknown>[] = [customer, ...services, ...invoices].filter((one) => one.was === null);
  return fresh.length;
}
