// The places of the console, in the order of the rail.
import {
  IconCalendarDue,
  IconChartLine,
  IconFileCheck,
  IconHeartHandshake,
  IconRuler2,
  IconSettings,
  IconUsers,
} from "@tabler/icons-react";

export const PLACES = [
  { to: "/", key: "today", icon: IconCalendarDue },
  { to: "/customers", key: "customers", icon: IconUsers },
  { to: "/ladder", key: "ladder", icon: IconRuler2 },
  { to: "/claims", key: "claims", icon: IconFileCheck },
  { to: "/promises", key: "promises", icon: IconHeartHandshake },
  { to: "/reports", key: "reports", icon: IconChartLine },
  { to: "/settings", key: "settings", icon: IconSettings },
] as const;
