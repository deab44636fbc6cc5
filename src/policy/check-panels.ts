// What a ladder asks of the control panels beside what they can do.
import { inEach } from "../kernel/errors.ts";
import type { Finding } from "./finding.ts";
import type { PolicyDoc } from "./schema.ts";

/** A panel by its name in the configuration, and whether it removes accounts. */
export interface PanelAbility {
  name: string;
  terminate: boolean;
}

/** A warning where the ladder ends services that a panel will not remove: it would be proposed, signed, and done by nobody. */
export function checkPanels(doc: PolicyDoc, panels: readonly PanelAbility[]): Finding[] {
  const unable = panels.filter(({ terminate }) => !terminate).map(({ name }) => name);
  const at = doc.ladder.findIndex((step) => step.do === "terminate");
  if (at < 0 || unable.length === 0) return [];
  const names = unable.join(", ");
  return [
    {
      severity: "warning",
      place: `ladder[${at}].do`,
      problem: inEach(
        `this step ends services, and ${unable.length === 1 ? `the panel ${names} does not` : `the panels ${names} do not`} remove accounts`,
        `este passo encerra serviços, e ${unable.length === 1 ? `o painel ${names} não remove` : `os painéis ${names} não removem`} contas`,
      ),
      cure: inEach(
        "Remove them by hand when two persons have signed, or write terminate: true in the panel's settings.",
        "Remova as contas à mão depois que duas pessoas assinarem, ou escreva terminate: true nas configurações do painel.",
      ),
    },
  ];
}
