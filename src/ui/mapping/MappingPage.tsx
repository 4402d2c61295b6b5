import { Button, FileButton, Group, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useShallow } from 'zustand/react/shallow';
import { isBusy, problemsOf } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { Brand } from '../common/Brand.tsx';
import { Inspecting } from '../common/Inspecting.tsx';
import { Later } from '../common/Later.tsx';
import { Section } from '../common/Panel.tsx';
import { PrivacyBadge } from '../common/PrivacyBadge.tsx';
import { SchemeToggle } from '../common/SchemeToggle.tsx';
import { Troubles } from '../common/Troubles.tsx';
import { CleaningFold } from '../intake/CleaningFold.tsx';
import { IntakeNote } from '../intake/JoinCard.tsx';
import { Questions } from '../intake/Questions.tsx';
import { ReadingFold } from '../intake/ReadingFold.tsx';
import { SqlFold } from '../intake/SqlFold.tsx';
import { ModelCard } from '../models/ModelCard.tsx';
import { ProfilesPanel } from '../profiles/ProfilesPanel.tsx';
import { QualityFolds } from '../quality/QualityFolds.tsx';
import { SettingsPanel } from '../settings/SettingsPanel.tsx';
import { ACCEPTED } from '../start/DropZone.tsx';
import { DuplicateNote } from './DuplicateNote.tsx';
import { FilePreviews } from './FilePreviews.tsx';
import { ManifestNote } from './ManifestNote.tsx';
import classes from './MappingPage.module.css';
import { ResumeNote } from './ResumeNote.tsx';
import { RoleForm } from './RoleForm.tsx';

/** What was found in the files, which column plays which part, how to analyse them. */
export function MappingPage() {
  // Taking a file off is too quick to be told.
  const adding = useApp((s) => s.job.phase === 'inspecting' && s.job.total > 0);
  return (
    <div className={classes.page}>
      <Header />
      <main className={classes.main}>
        <div className={classes.left}>
          <Troubles />
          {adding && <Inspecting />}
          <ManifestNote />
          <ResumeNote />
          <DuplicateNote />
          <IntakeNote />
          <Questions />
          <Later>
            <FilePreviews />
          </Later>
          <section className={classes.card} aria-label="Reading and cleaning">
            <Later>
              <ReadingFold />
              <SqlFold />
              <CleaningFold />
            </Later>
          </section>
          <section className={classes.card} aria-label="Model of the texts">
            <Later>
              <ModelCard />
            </Later>
          </section>
          <section className={classes.card} aria-label="Data quality">
            <Section>
              <Title order={2} size="md">
                Data quality
              </Title>
            </Section>
            <QualityFolds />
          </section>
          <section className={classes.card} aria-label="Profiles of users">
            <Later>
              <ProfilesPanel />
            </Later>
          </section>
          <section className={classes.card} aria-label="Settings">
            <Later>
              <SettingsPanel />
            </Later>
          </section>
        </div>
        <aside className={classes.card} aria-label="Columns">
          <Section>
            <Title order={2} size="md">
              Columns
            </Title>
          </Section>
          <Later>
            <RoleForm />
          </Later>
        </aside>
      </main>
      <AnalyseBar />
    </div>
  );
}

function Header() {
  const { addFiles, loadManifest, startOver, showWorkspace } = useActions();
  const hasResult = useApp((s) => s.result !== null);
  const busy = useApp((s) => isBusy(s.job));
  return (
    <header className={classes.header}>
      <Brand />
      <Group gap={8} wrap="nowrap">
        {hasResult && (
          <Button variant="subtle" size="xs" disabled={busy} onClick={showWorkspace}>
            Back to the result
          </Button>
        )}
        <FileButton multiple accept={ACCEPTED} disabled={busy} onChange={(files) => files.length > 0 && void addFiles(files)}>
          {(props) => (
            <Button {...props} variant="default" size="xs" disabled={busy} leftSection={<IconPlus size={14} />}>
              Add files
            </Button>
          )}
        </FileButton>
        <FileButton accept=".json,application/json" disabled={busy} onChange={(file) => file && void loadManifest(file)}>
          {(props) => (
            <Button {...props} variant="default" size="xs" disabled={busy}>
              Load a run manifest
            </Button>
          )}
        </FileButton>
        <Button variant="default" size="xs" disabled={busy} onClick={startOver}>
          Start over
        </Button>
        <PrivacyBadge />
        <SchemeToggle />
      </Group>
    </header>
  );
}

/** The one way on. A button that can't be used says why. */
function AnalyseBar() {
  const problems = useApp(useShallow(problemsOf));
  const busy = useApp((s) => isBusy(s.job));
  const { analyse } = useActions();
  return (
    <footer className={classes.bar}>
      <span id="analyse-why" className={classes.why}>
        {busy ? 'Looking at the files…' : (problems[0] ?? 'Everything runs on this machine. You can cancel at any time.')}
      </span>
      <Button size="md" disabled={busy || problems.length > 0} aria-describedby="analyse-why" onClick={() => void analyse()}>
        Analyse
      </Button>
    </footer>
  );
}
