import { Autocomplete } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { AnalysisResult } from '../../domain/index.ts';
import { findUsers } from '../../state/index.ts';
import { useActions } from '../app/store-context.tsx';

/** Users listed while a name is typed. */
const LISTED = 8;

/** Opens the card of a user by name. */
export function FindUser({ result }: { result: AnalysisResult }) {
  const [text, setText] = useState('');
  const { selectUser } = useActions();
  const names = useMemo(() => findUsers(result, text, LISTED).map((id) => result.users[id] as string), [result, text]);
  const open = (name: string): void => {
    const user = result.users.indexOf(name);
    if (user < 0) return;
    selectUser(user);
    setText('');
  };
  return (
    <Autocomplete
      aria-label="Find a user"
      placeholder="Find a user"
      leftSection={<IconSearch size={13} stroke={1.7} />}
      data={names}
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
