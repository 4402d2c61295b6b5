import { Autocomplete } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { AnalysisResult } from '../../domain/index.ts';
import { findUsers, stepsOf } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';

/** Users listed while a name is typed. */
const LISTED = 8;

/** Opens the card of a user by name, in the window that is shown if the user has an event there, else in the user's first. */
export function FindUser({ result }: { result: AnalysisResult }) {
  const [text, setText] = useState('');
  const window = useApp((s) => s.view.window);
  const { selectUser, selectTrack, setWindow } = useActions();
  const names = useMemo(() => findUsers(result, text, LISTED).map((id) => result.users[id] as string), [result, text]);
  const open = (name: string): void => {
    const user = result.users.indexOf(name);
    if (user < 0) return;
    const steps = stepsOf(result, user);
    const step = steps.find((s) => s.window === window) ?? steps[0];
    if (step) setWindow(step.window);
    selectTrack(step?.segment?.track ?? null);
    selectUser(user);
  };
  const unknown = text.trim() !== '' && names.length === 0;
  return (
    <Autocomplete
      aria-label="Find a user"
      placeholder="Find a user"
      leftSection={<IconSearch size={13} stroke={1.7} />}
      data={names}
      description={unknown ? 'No user is called that.' : undefined}
      inputWrapperOrder={['input', 'description']}
      filter={({ options }) => options}
      value={text}
      onChange={setText}
      onOptionSubmit={open}
      onKeyDown={(event) => {
        if (event.key === 'Enter') open(text.trim());
      }}
    />
  );
}
