// The places of the console, in the order of the rail.
import {
  IconCalendarDue,
  IconChartLine,
  IconFileCheck,
  IconHeartHandshake,
  IconMessages,
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
  { to: "/conversations", key: "conversations", icon: IconMessages },
  { to: "/reports", key: "reports", icon: IconChartLine },
  { to: "/settings", key: "settings", icon: IconSettings },
] as const;
