import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** One quiet blue for what can be acted on; everything else is ink on paper. */
const harbour: MantineColorsTuple = [
  '#eef4f9',
  '#dce7f1',
  '#b6cce0',
  '#8db0cf',
  '#6a98c0',
  '#5489b7',
  '#3f76a6',
  '#336491',
  '#29527a',
  '#1d3f60',
];

/** The dark greys, tinted like the ground they stand on: text at 0, lines at 4, controls at 6, page at 7. */
const night: MantineColorsTuple = [
  '#d3d9e0',
  '#b5bdc8',
  '#8f99a6',
  '#687381',
  '#353d48',
  '#2b323c',
  '#1e242c',
  '#15191f',
  '#101318',
  '#0b0d11',
];

export const theme = createTheme({
  primaryColor: 'harbour',
  primaryShade: { light: 7, dark: 6 },
  colors: { harbour, dark: night },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '34px', lineHeight: '1.15' },
      h2: { fontSize: '18px', lineHeight: '1.3' },
      h3: { fontSize: '13px', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    Autocomplete: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    // Closed lists and folded settings are not built: hundreds of hidden options would hold the page when a run is cancelled.
    Combobox: { defaultProps: { keepMounted: false } },
    Collapse: { defaultProps: { keepMounted: false } },
    InputWrapper: { styles: { description: { fontSize: '12px', lineHeight: 1.35 } } },
    Tooltip: { defaultProps: { openDelay: 250, maw: 320, multiline: true, withArrow: true } },
  },
});
