import { Anchor, Button, FileButton, Group, Stack, Text, Title } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useActions, useApp } from '../app/store-context.tsx';
import { Brand } from '../common/Brand.tsx';
import { Inspecting } from '../common/Inspecting.tsx';
import { PrivacyBadge } from '../common/PrivacyBadge.tsx';
import { SchemeToggle } from '../common/SchemeToggle.tsx';
import { Troubles } from '../common/Troubles.tsx';
import { DropZone } from './DropZone.tsx';
import { Flock } from './Flock.tsx';
import { Interrupted } from './Interrupted.tsx';
import classes from './StartPage.module.css';

/** What the product does, and the ways in: files, the sample, a saved recipe. */
export function StartPage() {
  const inspecting = useApp((s) => s.job.phase === 'inspecting');
  // What is to be decided stays in view on a small screen.
  const roomy = useApp((s) => s.unfinished === null);
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <Brand />
        <Group gap={8}>
          <PrivacyBadge />
          <SchemeToggle />
        </Group>
      </header>
      <main className={classes.main}>
        {roomy && <Flock />}
        <Title order={1} className={classes.title}>
          Watch interests move
        </Title>
        <Text className={classes.lead}>
          Murmuration groups the users of a behaviour export by what they care about, window by window, and shows how the groups
          form, grow, split, merge and vanish.
        </Text>
        <Stack gap={14} className={classes.ways}>
          <Troubles />
          <Interrupted disabled={inspecting} />
          <Recipe />
          {inspecting ? <Inspecting /> : <DropZone />}
          <OtherWays disabled={inspecting} />
        </Stack>
      </main>
      <footer className={classes.footer}>
        <IconLock size={14} stroke={1.6} />
        <span>
          What happens to your data: it is read and analysed in this tab, and nothing leaves this machine. Close the tab and all
          is gone but vectors of texts (no words), models you added and, of a run that was cut off, its file names and settings
          (no rows).
        </span>
        <Anchor href="notices.txt" target="_blank" size="xs" c="dimmed">
          Licences
        </Anchor>
      </footer>
    </div>
  );
}

function OtherWays({ disabled }: { disabled: boolean }) {
  const { loadSample, loadManifest, showWorkspace } = useActions();
  const hasResult = useApp((s) => s.result !== null);
  return (
    <Group justify="center" gap={10}>
      <Button variant="default" disabled={disabled} onClick={() => void loadSample()}>
        Try the sample
      </Button>
      <FileButton accept=".json,application/json" onChange={(file) => file && void loadManifest(file)}>
        {(props) => (
          <Button {...props} variant="default" disabled={disabled}>
            Load a run manifest
          </Button>
        )}
      </FileButton>
      {hasResult && (
        <Button variant="subtle" disabled={disabled} onClick={showWorkspace}>
          Back to the result
        </Button>
      )}
    </Group>
  );
}

/** After a manifest: which files it asks for. */
function Recipe() {
  const manifest = useApp((s) => s.manifest);
  if (!manifest) return null;
  return (
    <section className={classes.recipe} aria-label="Run manifest">
      <Text size="sm" fw={500}>
        Run manifest loaded. Now drop {manifest.files.length === 1 ? 'its file' : `its ${manifest.files.length} files`}:
      </Text>
      {manifest.files.map((file) => (
        <Text key={`${file.name} ${file.sha256}`} size="sm" c="dimmed" truncate>
          {file.name} · sha256 {file.sha256.slice(0, 12)}…
        </Text>
      ))}
    </section>
  );
}
