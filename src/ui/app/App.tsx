import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import './app.css';
import { MantineProvider } from '@mantine/core';
import { type AppStore, isWaiting } from '../../state/index.ts';
import { MappingPage } from '../mapping/MappingPage.tsx';
import { RunningPage } from '../running/RunningPage.tsx';
import { StartPage } from '../start/StartPage.tsx';
import { Workspace } from '../workspace/Workspace.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { FileDrop } from './FileDrop.tsx';
import { StoreProvider, useApp } from './store-context.tsx';
import { theme } from './theme.ts';

/** The whole page. */
export const App = ({ store }: { store: AppStore }) => (
  <MantineProvider theme={theme} defaultColorScheme="auto">
    <ErrorBoundary>
      <StoreProvider store={store}>
        <Page />
        <FileDrop />
      </StoreProvider>
    </ErrorBoundary>
  </MantineProvider>
);

function Page() {
  const waiting = useApp((s) => isWaiting(s.job));
  const page = useApp((s) => s.page);
  const result = useApp((s) => s.result);
  const loaded = useApp((s) => s.files.length > 0);
  if (waiting) return <RunningPage />;
  if (page === 'workspace' && result) return <Workspace result={result} />;
  return loaded ? <MappingPage /> : <StartPage />;
}
