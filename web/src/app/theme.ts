// Paper and ink, one accent, colour only where it means something: the component library's theme, from the same tokens as app.css.
import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** A deep green-blue, light to dark. */
const tide: MantineColorsTuple = [
  "#eaf5f5",
  "#d5e8e9",
  "#aad1d3",
  "#7cb8bc",
  "#55a3a8",
  "#3b959b",
  "#257f86",
  "#14696f",
  "#0f5257",
  "#083f43",
];

/** Needs attention. */
const amber: MantineColorsTuple = [
  "#fdf6e6",
  "#f8ead0",
  "#efd29f",
  "#e6b96a",
  "#dfa33d",
  "#d99522",
  "#b97a10",
  "#946008",
  "#744a04",
  "#533400",
];

/** The greys of the dark scheme, from ink to paper, with a little of the accent in them. */
const night: MantineColorsTuple = [
  "#e8ebea",
  "#c9d0d0",
  "#a5b0b1",
  "#7d898b",
  "#4a5558",
  "#343d40",
  "#232a2d",
  "#1a1f22",
  "#14181a",
  "#101416",
];

export const theme = createTheme({
  primaryColor: "tide",
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  colors: { tide, amber, dark: night },
  defaultRadius: "md",
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "8px", xl: "8px" },
  fontFamily: "Inter, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  headings: { fontWeight: "600" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "sm" } },
    Tooltip: { defaultProps: { openDelay: 300, transitionProps: { duration: 100 } } },
    Drawer: { defaultProps: { transitionProps: { duration: 120 } } },
    // The library's placeholder for the first focus is no item of a menu, which is all that a menu may hold.
    Menu: { defaultProps: { transitionProps: { duration: 80 }, withInitialFocusPlaceholder: false } },
  },
});
