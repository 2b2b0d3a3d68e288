import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** Peacock: the one accent. Lightest first. */
const peacock: MantineColorsTuple = [
  "#e6f5f6",
  "#cfe9ec",
  "#a2d5da",
  "#78c5cd",
  "#57bcc7",
  "#2b97a3",
  "#14808c",
  "#0b6e7a",
  "#085a64",
  "#04454d",
];

/** Ink: cool greys for the dark scheme; Mantine takes its surfaces and lines from these. */
const dark: MantineColorsTuple = [
  "#e5ecef",
  "#b0bdc5",
  "#94a3ac",
  "#5f707a",
  "#32404a",
  "#27333a",
  "#1b252b",
  "#151d22",
  "#11181c",
  "#0e1418",
];

const compact = { defaultProps: { size: "sm" } };

export const theme = createTheme({
  primaryColor: "peacock",
  primaryShade: { light: 7, dark: 6 },
  colors: { peacock, dark },
  white: "#ffffff",
  black: "#15202b",
  fontFamily: "var(--tm-font)",
  fontFamilyMonospace: "var(--tm-mono)",
  headings: { fontFamily: "var(--tm-font)", fontWeight: "640" },
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: compact,
    TextInput: compact,
    PasswordInput: compact,
    Select: { defaultProps: { size: "sm", limit: 200 } },
    Modal: { styles: { title: { fontWeight: 640 } } },
    Tabs: { styles: { list: { flexWrap: "nowrap", overflowX: "auto", overflowY: "hidden" } } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, multiline: true, maw: 320 } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
  },
});
