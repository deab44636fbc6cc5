// What a ladder asks of the control panels beside what they can do.
import type { Finding } from "./check.ts";
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
  const which = unable.length === 1 ? `the panel ${unable[0]} does not` : `the panels ${unable.join(", ")} do not`;
  return [
    {
      severity: "warning",
      place: `ladder[${at}].do`,
      problem: `this step ends services, and ${which} remove accounts`,
      cure: "Remove them by hand when two persons have signed, or write terminate: true in the panel's settings.",
    },
  ];
}
