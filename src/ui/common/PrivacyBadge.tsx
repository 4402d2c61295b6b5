import { Badge, Tooltip } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { IconLock, IconWorldX } from '@tabler/icons-react';
import { useState } from 'react';
import { useActions, useApp } from '../app/store-context.tsx';
import { privacyWords } from './privacy-words.ts';

/** Counting is cheap and requests are rare; two seconds keep the figure honest without a flicker. */
const REFRESH_MS = 2000;

/** Promise P1, shown: the requests of this page since it was opened, and that none left the origin but for a model that was asked for. */
export function PrivacyBadge() {
  const { network } = useActions();
  const fetched = useApp((s) => s.models.fetched);
  const [count, refresh] = useState(network);
  useInterval(() => refresh(network()), REFRESH_MS, { autoInvoke: true });
  const { safe, label, title } = privacyWords(count, fetched);
  const Icon = safe ? IconLock : IconWorldX;
  return (
    <Tooltip label={label}>
      <Badge
        variant={safe ? 'transparent' : 'filled'}
        color={safe ? 'gray' : 'red'}
        size="lg"
        radius="sm"
        tt="none"
        fw={450}
        leftSection={<Icon size={13} stroke={1.8} />}
        tabIndex={0}
        className="mu-focus"
        style={{ flexShrink: 0, letterSpacing: 0, fontSize: 12, color: safe ? 'var(--mantine-color-dimmed)' : undefined }}
      >
        {title}
      </Badge>
    </Tooltip>
  );
}
